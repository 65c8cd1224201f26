//! What every provider can do: name the page to send the browser to, and identify the user who comes back.

use std::{fmt, sync::Arc, time::Duration};

use async_trait::async_trait;
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use crate::{accounts::ExternalIdentity, clock::Clock};

/// An identity provider.
#[async_trait]
pub trait Provider: fmt::Debug + Send + Sync {
    /// Its name in URLs, such as `sso`.
    fn name(&self) -> &'static str;

    /// Its name on the button.
    fn label(&self) -> &str;

    /// The page to which the browser is sent.
    ///
    /// # Errors
    /// If the provider has to be asked for it and does not answer.
    async fn authorization_url(&self, request: &Authorization) -> Result<Url, ProviderError>;

    /// Whether an answer, be it good or bad, is this provider's (RFC 9207).
    ///
    /// # Errors
    /// [`ProviderError::Invalid`] if it says that it is another's, or does not say it where it must.
    async fn check_issuer(&self, issuer: Option<&str>) -> Result<(), ProviderError>;

    /// The state of an answer that carries it in a token, unverified like a state in the query.
    fn state_in(&self, _token: &str) -> Option<String> {
        None
    }

    /// Redeems the code; the result is proved by the provider and meant for this browser.
    ///
    /// # Errors
    /// [`ProviderError`].
    async fn identify(
        &self,
        request: &Authorization,
        answer: &Answer,
    ) -> Result<ExternalIdentity, ProviderError>;
}

/// A provider's settings.
pub trait ProviderConfig: fmt::Debug + Send + Sync {
    /// Sets the provider up; `timeout` is what one request to it may take in all.
    ///
    /// # Errors
    /// If no HTTP client can be made.
    fn build(&self, clock: &Clock, timeout: Duration) -> anyhow::Result<Arc<dyn Provider>>;
}

/// One sign-in, as the provider gets to know it.
#[derive(Clone, Debug)]
pub struct Authorization {
    /// Our callback; registered exactly so at the provider.
    pub redirect_uri: Url,
    pub state: String,
    pub nonce: String,
    /// Sent as its S256 challenge first, and itself only with the code (RFC 7636).
    pub pkce_verifier: SecretString,
}

/// What the provider has sent the browser back with.
#[derive(Clone, Debug)]
pub struct Answer {
    pub proof: Proof,
    /// Some providers tell the user's name here, once, and nowhere else.
    pub user: Option<String>,
}

/// What stands for the user.
#[derive(Clone, Debug)]
pub enum Proof {
    /// To be redeemed at the provider.
    Code(SecretString),
    /// Signed by the provider; some send it without a code.
    Token(SecretString),
}

/// Why no user was identified.
#[derive(Debug, thiserror::Error)]
pub enum ProviderError {
    /// The user, or the provider on their behalf, said no.
    #[error("the sign-in was denied")]
    Denied,
    /// Down, too slow, or its response is malformed.
    #[error("the provider cannot be used: {0:#}")]
    Unavailable(#[source] anyhow::Error),
    /// The response identifies no user.
    #[error("the provider's answer is not valid: {0:#}")]
    Invalid(#[source] anyhow::Error),
}

impl Answer {
    /// The code, for providers that know nothing else.
    pub(super) fn code(&self) -> Result<&str, ProviderError> {
        match &self.proof {
            Proof::Code(code) => Ok(code.expose_secret()),
            Proof::Token(_) => Err(ProviderError::invalid(anyhow::anyhow!(
                "there is a token and no code"
            ))),
        }
    }
}

impl ProviderError {
    /// A provider that cannot be used for now.
    pub fn unavailable(error: impl Into<anyhow::Error>) -> Self {
        Self::Unavailable(error.into())
    }

    /// A response that proves no identity.
    pub fn invalid(error: impl Into<anyhow::Error>) -> Self {
        Self::Invalid(error.into())
    }
}
