//! The interface of identity providers: the URL to send the browser to, and the identity of the user who
//! comes back.

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

    /// The URL of the provider's page to send the browser to.
    ///
    /// # Errors
    /// If the URL depends on the provider's discovery document, and that is unavailable.
    async fn authorization_url(&self, request: &Authorization) -> Result<Url, ProviderError>;

    /// Checks that a response, successful or not, is from this provider (RFC 9207).
    ///
    /// # Errors
    /// [`ProviderError::Invalid`] if it names another issuer, or names none although this provider always
    /// does. [`ProviderError::Unavailable`] if that is unknown.
    async fn check_issuer(&self, issuer: Option<&str>) -> Result<(), ProviderError>;

    /// The state in a response that carries it inside a token. Unverified, like a state in the query.
    fn state_in(&self, _token: &str) -> Option<String> {
        None
    }

    /// Redeems the code or verifies the token, and checks that the response belongs to this browser's flow.
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
    /// Sets the provider up; `timeout` limits each request to it as a whole.
    ///
    /// # Errors
    /// If no HTTP client can be made.
    fn build(&self, clock: &Clock, timeout: Duration) -> anyhow::Result<Arc<dyn Provider>>;
}

/// The values of one flow that the provider receives.
#[derive(Clone, Debug)]
pub struct Authorization {
    /// Our callback, exactly as registered at the provider.
    pub redirect_uri: Url,
    pub state: String,
    pub nonce: String,
    /// Sent only with the code; its S256 challenge is sent ahead (RFC 7636).
    pub pkce_verifier: SecretString,
}

/// The provider's response, as the browser brings it back.
#[derive(Clone, Debug)]
pub struct Answer {
    pub proof: Proof,
    /// The user's name, which some providers send only here and only once.
    pub user: Option<String>,
}

/// What proves who the user is.
#[derive(Clone, Debug)]
pub enum Proof {
    /// An authorization code, to be redeemed at the provider.
    Code(SecretString),
    /// A token that the provider has signed; some providers send it instead of a code.
    Token(SecretString),
}

/// Why no user was identified.
#[derive(Debug, thiserror::Error)]
pub enum ProviderError {
    /// The user or the provider denied the sign-in.
    #[error("the sign-in was denied")]
    Denied,
    /// The provider is down or too slow, or its response is malformed.
    #[error("the provider cannot be used: {0:#}")]
    Unavailable(#[source] anyhow::Error),
    /// The response identifies no user.
    #[error("the provider's response is not valid: {0:#}")]
    Invalid(#[source] anyhow::Error),
}

impl Answer {
    /// The code, for providers that send no tokens.
    pub(super) fn code(&self) -> Result<&str, ProviderError> {
        match &self.proof {
            Proof::Code(code) => Ok(code.expose_secret()),
            Proof::Token(_) => Err(ProviderError::invalid(anyhow::anyhow!(
                "there is a token instead of a code"
            ))),
        }
    }
}

impl ProviderError {
    /// An error of a provider that is unavailable.
    pub fn unavailable(error: impl Into<anyhow::Error>) -> Self {
        Self::Unavailable(error.into())
    }

    /// An error of a response that identifies no user.
    pub fn invalid(error: impl Into<anyhow::Error>) -> Self {
        Self::Invalid(error.into())
    }
}
