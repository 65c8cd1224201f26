//! The state of the sandbox's Zendesk, shared by tests and HTTP routes.

use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use super::chat::sessions::Sessions;
use super::config::ZendeskConfig;
use super::exchanges::{Call, Exchange};
use super::messaging::users::{MessagingUser, Users};
use super::settings::{Settings, SettingsChange};
use super::visitors::directory::{Directory, Visitor};
use crate::history::History;
use crate::lock::lock;
use crate::origin::Origin;
use crate::random::random;
use crate::secret::Secret;
use crate::service::ServiceContext;

/// A handle to the sandbox's Zendesk; copies share their state.
#[derive(Clone)]
pub struct Zendesk(Arc<Inner>);

struct Inner {
    config: ZendeskConfig,
    context: ServiceContext,
    /// The secret that replaces the configured one, once it has been regenerated.
    regenerated: Mutex<Option<Secret>>,
    settings: Mutex<Settings>,
    visitors: Mutex<Directory>,
    sessions: Mutex<Sessions>,
    users: Mutex<Users>,
    exchanges: History<Exchange>,
}

impl Zendesk {
    pub(crate) fn start(config: &ZendeskConfig, context: &ServiceContext) -> Self {
        Self(Arc::new(Inner {
            config: config.clone(),
            context: context.clone(),
            regenerated: Mutex::default(),
            settings: Mutex::default(),
            visitors: Mutex::default(),
            sessions: Mutex::default(),
            users: Mutex::default(),
            exchanges: History::default(),
        }))
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

    /// Chat's visitors, oldest first.
    pub fn visitors(&self) -> Vec<Visitor> {
        self.directory().all()
    }

    /// Messaging's users, oldest first.
    pub fn messaging_users(&self) -> Vec<MessagingUser> {
        self.users().all()
    }

    /// Bans a visitor on all their devices. Returns `false` if there is no such visitor.
    pub fn ban(&self, visitor_id: &str) -> bool {
        self.set_banned(visitor_id, true)
    }

    /// Lets a banned visitor chat again. Returns `false` if there is no such visitor.
    pub fn unban(&self, visitor_id: &str) -> bool {
        self.set_banned(visitor_id, false)
    }

    pub(super) fn set_banned(&self, visitor_id: &str, banned: bool) -> bool {
        let mut directory = self.directory();
        let visitor = directory.find_mut(visitor_id);
        visitor.map(|visitor| visitor.banned = banned).is_some()
    }

    /// Replaces Chat's shared secret: tokens signed with the old one are refused from now on.
    /// Returns the new one, as Zendesk's dashboard does, which shows it once.
    ///
    /// # Errors
    /// A failure of the system's random generator.
    pub fn regenerate_secret(&self) -> anyhow::Result<String> {
        let secret = random()?;
        *lock(&self.0.regenerated) = Some(secret.as_str().into());
        Ok(secret)
    }

    /// Goes back to the configured secret.
    pub fn restore_secret(&self) {
        *lock(&self.0.regenerated) = None;
    }

    /// The latest calls of all APIs, oldest first.
    pub fn exchanges(&self) -> Vec<Exchange> {
        self.0.exchanges.all()
    }

    pub(super) fn exchange(&self, call: Call) -> Exchange {
        Exchange::at(self.now(), call)
    }

    pub(super) fn record(&self, exchange: Exchange) {
        tracing::info!(
            call = ?exchange.call,
            outcome = exchange.outcome,
            external_id = exchange.external_id.as_deref(),
            "zendesk exchange"
        );
        self.0.exchanges.push(exchange);
    }

    pub(super) fn is_secret_regenerated(&self) -> bool {
        lock(&self.0.regenerated).is_some()
    }

    pub(super) fn chat_secret(&self) -> Secret {
        let regenerated = lock(&self.0.regenerated).clone();
        regenerated.unwrap_or_else(|| self.0.config.chat_secret.clone())
    }

    pub(super) fn config(&self) -> &ZendeskConfig {
        &self.0.config
    }

    pub(super) fn directory(&self) -> MutexGuard<'_, Directory> {
        lock(&self.0.visitors)
    }

    pub(super) fn sessions(&self) -> MutexGuard<'_, Sessions> {
        lock(&self.0.sessions)
    }

    pub(super) fn users(&self) -> MutexGuard<'_, Users> {
        lock(&self.0.users)
    }

    /// Seconds since the Unix epoch.
    pub(super) fn now(&self) -> u64 {
        self.0.context.clock.now()
    }

    /// Seconds since the Unix epoch by Zendesk's clock, which may be off.
    pub(super) fn vendor_now(&self) -> u64 {
        let offset = self.settings().clock_offset_seconds;
        self.now().saturating_add_signed(offset.into())
    }

    /// Waits for the delay of a slow response.
    pub(super) async fn delay(&self) {
        let milliseconds = self.settings().slow_milliseconds;
        tokio::time::sleep(Duration::from_millis(milliseconds.into())).await;
    }

    pub(super) fn public_url(&self) -> &Origin {
        &self.0.context.public_url
    }
}
