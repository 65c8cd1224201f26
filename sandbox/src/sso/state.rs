//! The state of the sandbox's OpenID provider, shared by tests and HTTP routes.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use jsonwebtoken::jwk::JwkSet;
use serde_json::{Map, Value};
use url::Url;

use super::config::SsoConfig;
use super::grants::{Grant, Grants, InvalidGrant};
use super::keys::{KeyRing, SigningKey};
use super::log::{Calls, Event, Log, Step};
use super::settings::{Settings, SettingsChange};
use crate::clock::rfc3339;
use crate::lock::lock;
use crate::origin::Origin;
use crate::parameters::Parameters;
use crate::random::random;
use crate::secret::Secret;
use crate::service::ServiceContext;

/// A handle to the sandbox's OpenID provider; copies share their state.
#[derive(Clone)]
pub struct Sso(Arc<Inner>);

struct Inner {
    client_id: String,
    client_secret: Secret,
    redirect_uri: String,
    issuer: String,
    other_host: String,
    context: ServiceContext,
    settings: Mutex<Settings>,
    keys: Mutex<KeyRing>,
    grants: Mutex<Grants>,
    log: Mutex<Log>,
}

impl Sso {
    pub(crate) fn start(config: &SsoConfig, context: &ServiceContext) -> anyhow::Result<Self> {
        Ok(Self(Arc::new(Inner {
            client_id: config.client_id.clone(),
            client_secret: config.client_secret.clone(),
            redirect_uri: format!("{}/oauth/sso/callback", context.login_origin),
            issuer: format!("{}/sso", context.public_url),
            other_host: other_host(&context.public_url)?,
            context: context.clone(),
            settings: Mutex::default(),
            keys: Mutex::new(KeyRing::new()?),
            grants: Mutex::default(),
            log: Mutex::default(),
        })))
    }

    /// The issuer identifier, to be configured at the client.
    pub fn issuer(&self) -> &str {
        &self.0.issuer
    }

    /// The switches as they are now.
    pub fn settings(&self) -> Settings {
        *lock(&self.0.settings)
    }

    /// Sets the switches that `change` names and returns all of them. A single position works, too:
    /// `change(TokenFailure::Slow)`.
    pub fn change(&self, change: impl Into<SettingsChange>) -> Settings {
        let mut settings = lock(&self.0.settings);
        settings.apply(&change.into());
        *settings
    }

    /// Resets every switch, so that everything works.
    pub fn reset(&self) {
        *lock(&self.0.settings) = Settings::default();
    }

    /// Signs with a new key from now on; the old one stays published until the next rotation.
    ///
    /// # Errors
    /// A failure of the system's random generator.
    pub fn rotate_keys(&self) -> anyhow::Result<()> {
        lock(&self.0.keys).rotate()
    }

    /// The record of requests.
    pub fn log(&self) -> Log {
        lock(&self.0.log).clone()
    }

    /// Clears the record of requests.
    pub fn clear_log(&self) {
        *lock(&self.0.log) = Log::default();
    }

    pub(super) fn count(&self, endpoint: impl FnOnce(&mut Calls) -> &mut u64) {
        *endpoint(&mut lock(&self.0.log).calls) += 1;
    }

    pub(super) fn record_request(&self, parameters: &Parameters) {
        lock(&self.0.log).push_request(parameters.values().clone());
    }

    pub(super) fn record(&self, step: Step, outcome: &'static str, sub: Option<&'static str>) {
        tracing::info!(?step, outcome, sub, "sso login step");
        lock(&self.0.log).push_event(Event {
            time: rfc3339(self.now()),
            step,
            outcome,
            sub,
        });
    }

    /// Stores the grant and returns its code.
    pub(super) fn grant(&self, grant: Grant) -> anyhow::Result<String> {
        let code = random()?;
        lock(&self.0.grants).add(code.clone(), grant);
        Ok(code)
    }

    /// Redeems a code for `access_token`.
    pub(super) fn redeem(
        &self,
        code: &str,
        redirect_uri: &str,
        code_verifier: &str,
        access_token: &str,
    ) -> Result<Grant, InvalidGrant> {
        let now = self.now();
        lock(&self.0.grants).redeem(code, redirect_uri, code_verifier, access_token, now)
    }

    pub(super) fn grant_of(&self, access_token: &str) -> Option<Grant> {
        let grants = lock(&self.0.grants);
        grants.of_access_token(access_token, self.now()).cloned()
    }

    /// The claims about the user that the grant gives to its client.
    pub(super) fn claims(&self, grant: &Grant) -> Map<String, Value> {
        let fault = self.settings().email_verified;
        let public_url = &self.0.context.public_url;
        grant.persona.claims(&grant.scope, public_url, fault)
    }

    pub(super) fn signing_key(&self) -> Arc<SigningKey> {
        lock(&self.0.keys).current()
    }

    pub(super) fn public_keys(&self) -> JwkSet {
        lock(&self.0.keys).public()
    }

    pub(super) fn client_id(&self) -> &str {
        &self.0.client_id
    }

    pub(super) fn client_secret(&self) -> &Secret {
        &self.0.client_secret
    }

    pub(super) fn redirect_uri(&self) -> &str {
        &self.0.redirect_uri
    }

    /// A URL of this sandbox under another host name, where requests are counted.
    pub(super) fn other_host(&self) -> &str {
        &self.0.other_host
    }

    pub(super) fn context(&self) -> &ServiceContext {
        &self.0.context
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

/// The sandbox's URL under another name of the loopback address.
fn other_host(public_url: &Origin) -> anyhow::Result<String> {
    let mut url = Url::parse(public_url.as_str())?;
    let host = match url.host_str() {
        Some("127.0.0.1") => "localhost",
        _ => "127.0.0.1",
    };
    url.set_host(Some(host))?;
    url.set_path("/sso/elsewhere");
    Ok(url.into())
}
