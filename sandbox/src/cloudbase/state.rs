//! The state of the sandbox's CloudBase, shared by tests and HTTP routes.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use super::config::CloudBaseConfig;
use super::exchanges::Exchange;
use super::key_file::{self, PemForm};
use super::keys::{KeyRing, KeyView, TicketKey};
use super::outcome::Outcome;
use super::replays::Replays;
use super::response::CallRecord;
use super::sessions::{Session, Sessions, Tokens};
use super::settings::{Settings, SettingsChange};
use super::ticket::Ticket;
use super::users::{User, Users};
use crate::clock::rfc3339;
use crate::history::History;
use crate::lock::lock;
use crate::origin::Origin;
use crate::service::ServiceContext;

/// The documented lifetime of a refresh token.
const REFRESH_MS: u64 = 30 * 24 * 60 * 60 * 1000;

/// A handle to the sandbox's CloudBase; copies share their state.
#[derive(Clone)]
pub struct CloudBase(Arc<Inner>);

struct Inner {
    env_id: String,
    key_file: Option<PathBuf>,
    context: ServiceContext,
    keys: Mutex<KeyRing>,
    settings: Mutex<Settings>,
    users: Mutex<Users>,
    sessions: Mutex<Sessions>,
    replays: Mutex<Replays>,
    exchanges: History<Exchange>,
}

impl CloudBase {
    pub(crate) fn start(
        config: &CloudBaseConfig,
        context: &ServiceContext,
    ) -> anyhow::Result<Self> {
        let cloudbase = Self(Arc::new(Inner {
            env_id: config.env_id.clone(),
            key_file: config.key_file.clone(),
            context: context.clone(),
            keys: Mutex::new(KeyRing::new()?),
            settings: Mutex::default(),
            users: Mutex::default(),
            sessions: Mutex::default(),
            replays: Mutex::default(),
            exchanges: History::default(),
        }));
        if let Some(path) = &config.key_file {
            key_file::write(path, &cloudbase.key_file(PemForm::Pkcs1)?)?;
        }
        Ok(cloudbase)
    }

    /// The environment's id, which is the SDK's client id as well.
    pub fn env_id(&self) -> &str {
        &self.0.env_id
    }

    /// The current key file, as an administrator would download it.
    ///
    /// # Errors
    /// A key that cannot be written as PEM.
    pub fn key_file(&self, form: PemForm) -> anyhow::Result<String> {
        let keys = lock(&self.0.keys);
        let key = keys.current();
        key_file::text(&key.id, &key.private, self.env_id(), form)
    }

    /// Makes a new key the current one and writes the key file, if one is configured. The previous key is still
    /// accepted for [`Settings::key_grace_seconds`].
    ///
    /// # Errors
    /// A failure of the system's random generator or a file that cannot be written; then the old key stays in place.
    pub fn rotate(&self) -> anyhow::Result<()> {
        let grace = self.grace_period();
        let mut keys = lock(&self.0.keys);
        let successor = keys.successor()?;
        if let Some(path) = &self.0.key_file {
            let (id, private) = (&successor.id, &successor.private);
            let text = key_file::text(id, private, self.env_id(), PemForm::Pkcs1)?;
            key_file::write(path, &text)?;
        }
        keys.rotate(successor, self.now() + grace);
        Ok(())
    }

    /// Rotates to the key in `key_file`, without writing the configured file.
    ///
    /// # Errors
    /// A text that is no key file of this environment.
    pub fn use_key_file(&self, key_file: &str) -> anyhow::Result<()> {
        let (id, private) = key_file::read(key_file, self.env_id())?;
        let key = TicketKey::new(id, Arc::new(private))?;
        lock(&self.0.keys).rotate(key, self.now() + self.grace_period());
        Ok(())
    }

    /// How long a replaced key is still accepted, in milliseconds.
    fn grace_period(&self) -> u64 {
        u64::from(self.settings().key_grace_seconds) * 1000
    }

    /// All keys since the start, the current one first.
    pub fn keys(&self) -> Vec<KeyView> {
        lock(&self.0.keys).views(self.now())
    }

    /// The switches as they are now.
    pub fn settings(&self) -> Settings {
        *lock(&self.0.settings)
    }

    /// Sets the switches that `change` names and returns all of them.
    pub fn change(&self, change: &SettingsChange) -> Settings {
        let mut settings = lock(&self.0.settings);
        settings.apply(change);
        *settings
    }

    /// All users who have signed in, in the order of the host's ids.
    pub fn users(&self) -> Vec<User> {
        lock(&self.0.users).all()
    }

    /// The latest calls to the gateway, oldest first.
    pub fn exchanges(&self) -> Vec<Exchange> {
        self.0.exchanges.all()
    }

    pub(super) fn record(&self, endpoint: String, note: CallRecord) {
        let CallRecord { outcome, user } = note;
        tracing::info!(endpoint, ?outcome, "cloudbase call");
        let (sub, custom_user_id) = user.map(|user| (user.sub, user.custom_user_id)).unzip();
        self.0.exchanges.push(Exchange {
            time: rfc3339(self.now() / 1000),
            endpoint,
            outcome,
            custom_user_id,
            sub,
        });
    }

    /// Signs in the user of a valid ticket; the first sign-in creates the user.
    pub(super) fn sign_in(&self, text: &str) -> Result<Tokens, Outcome> {
        let (settings, now) = (self.settings(), self.now());
        if !settings.custom_login {
            return Err(Outcome::MethodDisabled);
        }
        let ticket = Ticket::parse(text)?;
        lock(&self.0.keys).check(&ticket, now)?;
        let claims = ticket.claims()?;
        claims.check(self.env_id(), now)?;
        let is_first_use = lock(&self.0.replays).is_first_use(text, claims.exp, now);
        if !is_first_use && !settings.allow_replay {
            return Err(Outcome::ReplayedTicket);
        }
        let user = lock(&self.0.users).sign_in(self.env_id(), &claims.uid, now);
        let mut session = Session::new(user, claims.expire.min(now + REFRESH_MS))?;
        let tokens = session.issue(settings.access_token_seconds, now)?;
        lock(&self.0.sessions).add(session);
        Ok(tokens)
    }

    /// Issues a new access token for a refresh token.
    pub(super) fn refresh(&self, refresh_token: &str) -> Result<Tokens, Outcome> {
        let (settings, now) = (self.settings(), self.now());
        let mut sessions = lock(&self.0.sessions);
        let session = sessions.by_refresh_token(refresh_token, now);
        let session = session.ok_or(Outcome::InvalidRefreshToken)?;
        session.issue(settings.access_token_seconds, now)
    }

    /// The user of an access token.
    pub(super) fn user_of(&self, access_token: &str) -> Result<User, Outcome> {
        let sessions = lock(&self.0.sessions);
        let user = sessions.user(access_token, self.now());
        user.cloned().ok_or(Outcome::InvalidAccessToken)
    }

    /// Ends the session that this access or refresh token belongs to, and returns its user.
    pub(super) fn end(&self, token: &str) -> Option<User> {
        lock(&self.0.sessions).end(token)
    }

    pub(super) fn key_file_path(&self) -> Option<&Path> {
        self.0.key_file.as_deref()
    }

    pub(super) fn public_url(&self) -> &Origin {
        &self.0.context.public_url
    }

    /// Milliseconds since the Unix epoch.
    fn now(&self) -> u64 {
        self.0.context.clock.now_ms()
    }
}
