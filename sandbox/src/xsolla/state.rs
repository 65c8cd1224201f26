//! The state of the sandbox's Xsolla, shared by tests and HTTP routes.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Map, Value};

use super::callbacks::Callbacks;
use super::codes::{Codes, Grant, InvalidGrant};
use super::config::XsollaConfig;
use super::exchanges::{Call, Exchange};
use super::keys::{ProjectKey, SigningKey};
use super::personas::Persona;
use super::settings::{Settings, SettingsChange};
use super::user_token::{self, Flow};
use crate::clock::rfc3339;
use crate::history::History;
use crate::lock::lock;
use crate::origin::Origin;
use crate::random::random;
use crate::secret::{Replaceable, Secret};
use crate::service::ServiceContext;

/// A handle to the sandbox's Xsolla Login; copies share their state.
#[derive(Clone)]
pub struct Xsolla(Arc<Inner>);

struct Inner {
    config: XsollaConfig,
    context: ServiceContext,
    callbacks: Callbacks,
    secret: Replaceable,
    server_key: Secret,
    settings: Mutex<Settings>,
    rotations: Mutex<usize>,
    codes: Mutex<Codes>,
    exchanges: History<Exchange>,
}

impl Xsolla {
    pub(crate) fn start(config: &XsollaConfig, context: &ServiceContext) -> anyhow::Result<Self> {
        Ok(Self(Arc::new(Inner {
            config: config.clone(),
            context: context.clone(),
            callbacks: Callbacks::new(config, context),
            secret: Replaceable::new(&config.secret)?,
            server_key: random()?.as_str().into(),
            settings: Mutex::default(),
            rotations: Mutex::default(),
            codes: Mutex::default(),
            exchanges: History::default(),
        })))
    }

    /// The id of the Login project, to be configured at the host.
    pub fn project_id(&self) -> &str {
        &self.0.config.project_id
    }

    /// The switches as they are now.
    pub fn settings(&self) -> Settings {
        *lock(&self.0.settings)
    }

    /// Sets the switches that `change` names and returns all of them. A single fault or signature works, too:
    /// `change(TokenFault::Expired)`.
    pub fn change(&self, change: impl Into<SettingsChange>) -> Settings {
        let mut settings = lock(&self.0.settings);
        settings.apply(&change.into());
        *settings
    }

    /// The user JWT that the login page would issue to `persona`, with the fault that is switched on.
    ///
    /// # Errors
    /// A failure of the system's random generator.
    pub fn user_token(&self, persona: &Persona) -> anyhow::Result<String> {
        self.mint(self.claims(persona)?)
    }

    /// The claims of such a token before a fault changes them, for tests that change some on their own.
    ///
    /// # Errors
    /// A failure of the system's random generator.
    pub fn claims(&self, persona: &Persona) -> anyhow::Result<Map<String, Value>> {
        user_token::claims(self, persona, &Flow::Jwt { payload: None })
    }

    /// Signs `claims` as the project does, with the fault that is switched on.
    ///
    /// # Errors
    /// A failure of the system's random generator.
    pub fn mint(&self, claims: Map<String, Value>) -> anyhow::Result<String> {
        user_token::sign_claims(self, claims)
    }

    /// Signs with a new key from now on; the old one stays in the list until the next rotation.
    ///
    /// # Errors
    /// A failure of the system's random generator.
    pub fn rotate_keys(&self) -> anyhow::Result<()> {
        let mut rotations = lock(&self.0.rotations);
        SigningKey::nth(*rotations + 1)?;
        *rotations += 1;
        Ok(())
    }

    /// The latest requests, oldest first.
    pub fn exchanges(&self) -> Vec<Exchange> {
        self.0.exchanges.all()
    }

    pub(super) fn record(&self, call: Call, outcome: &'static str, user: Option<&'static Persona>) {
        let user = user.map(|persona| persona.sub);
        tracing::info!(?call, outcome, user, "xsolla call");
        self.0.exchanges.push(Exchange {
            time: rfc3339(self.now()),
            call,
            outcome,
            user,
        });
    }

    /// Stores the grant under `code`.
    pub(super) fn grant(&self, code: Secret, grant: Grant) {
        lock(&self.0.codes).add(code, grant);
    }

    pub(super) fn redeem(
        &self,
        code: &str,
        redirect_uri: &str,
        code_verifier: Option<&str>,
    ) -> Result<&'static Persona, InvalidGrant> {
        let now = self.now();
        lock(&self.0.codes).redeem(code, redirect_uri, code_verifier, now)
    }

    pub(super) fn signing_key(&self) -> anyhow::Result<SigningKey> {
        SigningKey::nth(*lock(&self.0.rotations))
    }

    /// The keys in the list, the one that signs first.
    pub(super) fn listed_keys(&self) -> anyhow::Result<Vec<SigningKey>> {
        let newest = *lock(&self.0.rotations);
        let listed = newest.saturating_sub(1)..=newest;
        listed.rev().map(SigningKey::nth).collect()
    }

    pub(super) fn public_keys(&self) -> anyhow::Result<Vec<ProjectKey>> {
        Ok(self.listed_keys()?.iter().map(SigningKey::public).collect())
    }

    /// The secret that signs HS256 user JWTs.
    pub(super) fn secret(&self) -> &Secret {
        self.0.secret.at(self.settings().secret)
    }

    pub(super) fn client_id(&self) -> &str {
        &self.0.config.client_id
    }

    pub(super) fn client_secret(&self) -> &Secret {
        &self.0.config.client_secret
    }

    /// The secret that signs server JWTs.
    pub(super) fn server_key(&self) -> &Secret {
        &self.0.server_key
    }

    pub(super) fn callbacks(&self) -> &Callbacks {
        &self.0.callbacks
    }

    pub(super) fn context(&self) -> &ServiceContext {
        &self.0.context
    }

    pub(super) fn public_url(&self) -> &Origin {
        &self.0.context.public_url
    }

    pub(super) fn now(&self) -> u64 {
        self.0.context.clock.now()
    }

    /// Waits for the delay of a slow response.
    pub(super) async fn delay(&self) {
        let milliseconds = self.settings().slow_milliseconds;
        tokio::time::sleep(Duration::from_millis(milliseconds.into())).await;
    }
}
