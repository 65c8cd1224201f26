//! The flow of a sign-in, from the click on a provider's button to the provider's response: bound to one
//! browser and one provider, and for a single use.

use std::{net::IpAddr, time::Duration};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use secrecy::SecretString;
use sha2::{Digest, Sha256};
use url::Url;

use super::{
    Hints, Identified, OAuth, Provider, ProviderError,
    provider::{Authorization, AuthorizationResponse},
    store::{self, FlowKey},
};
use crate::{
    database::StorageError,
    handoff::FlowParams,
    limits::{Key, LimitError, RateLimited},
    random,
};

/// How long a user may spend on the provider's pages.
const LIFETIME: Duration = Duration::from_secs(10 * 60);

/// How long it is known afterwards where a flow led. Users come late from a provider that had them reset a password.
pub(super) const OVER_TTL: Duration = Duration::from_secs(60 * 60);

/// Concurrent flows of one browser, such as in many tabs; a new one displaces the oldest.
pub(super) const MAX_PER_BROWSER: i64 = 50;

/// The purpose of a flow.
#[derive(Clone, Debug, Default)]
pub struct FlowPurpose {
    /// Where the login continues; looked up again afterwards.
    pub flow: FlowParams,
    /// The user who links an identity; `None` for a sign-in.
    pub link_user_id: Option<String>,
}

/// A flow that this browser began.
#[derive(Clone, Debug)]
pub enum Taken {
    /// It is taken by this very request.
    Now(FlowPurpose),
    /// It is over: the response was loaded again, such as by the browser's "Back", or came too late.
    Over(FlowPurpose),
}

/// Why the browser was not sent to the provider.
#[derive(Debug, thiserror::Error)]
pub enum BeginError {
    #[error(transparent)]
    RateLimited(#[from] RateLimited),
    #[error(transparent)]
    Provider(#[from] ProviderError),
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl From<LimitError> for BeginError {
    fn from(error: LimitError) -> Self {
        match error {
            LimitError::RateLimited(rate_limited) => Self::RateLimited(rate_limited),
            LimitError::Storage(error) => Self::Storage(error),
        }
    }
}

/// The random value that binds flows to the browser that began them. Of no use without a flow's state.
#[derive(Clone, Debug)]
pub struct Browser(String);

impl Browser {
    /// Parses the cookie's value; `None` if it does not have the form of [`Browser::new`].
    pub fn parse(value: &str) -> Option<Self> {
        let is_base64url = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
        let well_formed = value.len() == 43 && value.bytes().all(is_base64url);
        well_formed.then(|| Self(value.to_owned()))
    }

    /// A new value, for a browser that has none.
    #[expect(
        clippy::new_without_default,
        reason = "a default that is random would surprise"
    )]
    pub fn new() -> Self {
        Self(random::token())
    }

    /// The value of the cookie.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn hash(&self) -> String {
        random::fingerprint(&self.0)
    }

    /// A value that can be computed only from both this browser's cookie and the state.
    fn derive(&self, purpose: &str, state: &str) -> String {
        let mut hash = Sha256::new();
        for part in [purpose, &self.0, state] {
            hash.update(part.as_bytes());
            hash.update([0]);
        }
        URL_SAFE_NO_PAD.encode(hash.finalize())
    }
}

impl OAuth {
    /// Stores a flow and returns the provider's URL to send the browser to.
    ///
    /// # Errors
    /// [`BeginError`].
    pub async fn begin(
        &self,
        provider: &dyn Provider,
        browser: &Browser,
        begun: &FlowPurpose,
        hints: &Hints,
        client: IpAddr,
    ) -> Result<Url, BeginError> {
        let key = Key::oauth(client);
        self.limiter.count(&[(&key, self.limits.oauth)]).await?;
        let state = random::token();
        let authorization = self.authorization(provider, browser, state);
        let url = provider.authorization_url(&authorization, hints).await?;
        let now = self.clock.now();
        let mut tx = self.database.write().await?;
        let (state_hash, browser_hash) =
            (random::fingerprint(&authorization.state), browser.hash());
        let key = FlowKey {
            state_hash: &state_hash,
            browser_hash: &browser_hash,
            provider: provider.name(),
        };
        store::insert(&mut tx, key, begun, now, now + LIFETIME).await?;
        tx.commit().await?;
        Ok(url)
    }

    /// Takes the flow with this state, if this browser began it at this provider. A flow can be taken once, until it
    /// expires; for an hour more, it is known where it led.
    ///
    /// # Errors
    /// If the database is unavailable.
    pub async fn take(
        &self,
        provider: &dyn Provider,
        browser: &Browser,
        state: &str,
    ) -> Result<Option<Taken>, StorageError> {
        let (state_hash, browser_hash) = (random::fingerprint(state), browser.hash());
        let key = FlowKey {
            state_hash: &state_hash,
            browser_hash: &browser_hash,
            provider: provider.name(),
        };
        let now = self.clock.now();
        let mut tx = self.database.write().await?;
        let taken = match store::take(&mut tx, key, now).await? {
            Some(purpose) => Some(Taken::Now(purpose)),
            None => store::over(&mut tx, key, now - OVER_TTL)
                .await?
                .map(Taken::Over),
        };
        tx.commit().await?;
        Ok(taken)
    }

    /// The identity that the provider's response to a taken flow proves.
    ///
    /// # Errors
    /// [`ProviderError`].
    pub async fn identify(
        &self,
        provider: &dyn Provider,
        browser: &Browser,
        state: String,
        response: &AuthorizationResponse,
    ) -> Result<Identified, ProviderError> {
        let authorization = self.authorization(provider, browser, state);
        provider.identify(&authorization, response).await
    }

    fn authorization(
        &self,
        provider: &dyn Provider,
        browser: &Browser,
        state: String,
    ) -> Authorization {
        let mut redirect_uri = self.login_origin.to_url();
        redirect_uri.set_path(&format!("/oauth/{}/callback", provider.name()));
        Authorization {
            redirect_uri,
            nonce: browser.derive("nonce", &state),
            pkce_verifier: SecretString::from(browser.derive("verifier", &state)),
            state,
        }
    }
}
