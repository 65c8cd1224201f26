//! The interface of identity providers: the URL to send the browser to, and the identity of the user who
//! comes back.

use std::{fmt, sync::Arc, time::Duration};

use anyhow::anyhow;
use async_trait::async_trait;
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use super::{Cause, client::FailedStatus, domains::Domains};
use crate::{accounts::ExternalIdentity, clock::Clock};

/// The maximum length of a provider's error code in the log.
const MAX_CODE: usize = 64;

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
    async fn authorization_url(
        &self,
        request: &Authorization,
        hints: &Hints,
    ) -> Result<Url, ProviderError>;

    /// Looks at what the provider says about itself and logs what cannot work, so that the operator learns of it
    /// before a user does.
    async fn prepare(&self) {}

    /// Checks that a response, successful or not, is from this provider (RFC 9207).
    ///
    /// # Errors
    /// [`Cause::Rejected`] if it names another issuer, or names none although this provider always does.
    /// [`Cause::Unavailable`] if that is unknown.
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
        response: &AuthorizationResponse,
    ) -> Result<Identified, ProviderError>;
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

/// How the provider lets the user choose an account, even if it knows only one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccountChoice {
    /// Among the accounts that it knows, or another one.
    Select,
    /// By signing in again, which more providers know.
    Login,
}

/// What a sign-in asks of the provider's pages, as far as it knows how.
#[derive(Clone, Debug, Default)]
pub struct Hints {
    pub account_choice: Option<AccountChoice>,
    /// The address or name of the account that the user most likely wants.
    pub login: Option<String>,
    /// The user's languages, most wanted first, separated by spaces.
    pub languages: Option<String>,
}

/// The provider's response, as the browser brings it back.
#[derive(Clone, Debug)]
pub struct AuthorizationResponse {
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

/// The user of a provider.
#[derive(Debug)]
pub struct Identified {
    pub identity: ExternalIdentity,
    /// Why a part of what the provider knows is missing. No reason to keep a known user out.
    pub incomplete: Option<ProviderError>,
}

impl Identified {
    /// The user, if accounts of the domain of their verified address may sign in.
    ///
    /// # Errors
    /// [`Cause::OtherDomain`], or why the address may be missing.
    pub(super) fn allowed_by(self, domains: &Domains) -> Result<Self, ProviderError> {
        let domain = self.identity.verified_domain();
        match (domains.check(domain.as_deref()), self.incomplete) {
            (Ok(()), incomplete) => Ok(Self { incomplete, ..self }),
            (Err(_), Some(missing)) if domain.is_none() => Err(missing),
            (Err(error), _) => Err(error),
        }
    }
}

impl From<ExternalIdentity> for Identified {
    fn from(identity: ExternalIdentity) -> Self {
        Self {
            identity,
            incomplete: None,
        }
    }
}

/// Why no user was identified. The detail is for the log, and has no secrets and nothing from a user.
#[derive(Debug, thiserror::Error)]
#[error("{detail:#}")]
pub struct ProviderError {
    pub cause: Cause,
    detail: anyhow::Error,
}

impl AuthorizationResponse {
    /// The code, for providers that send no tokens.
    pub(super) fn code(&self) -> Result<&str, ProviderError> {
        match &self.proof {
            Proof::Code(code) => Ok(code.expose_secret()),
            Proof::Token(_) => Err(ProviderError::invalid(anyhow!(
                "there is a token instead of a code"
            ))),
        }
    }
}

impl ProviderError {
    pub(super) fn new(cause: Cause, detail: impl Into<anyhow::Error>) -> Self {
        Self {
            cause,
            detail: detail.into(),
        }
    }

    /// An error of a provider that is unavailable.
    pub(super) fn unavailable(detail: impl Into<anyhow::Error>) -> Self {
        Self::new(Cause::Unavailable, detail)
    }

    /// An error of a request that failed; its status says whether it will fail again.
    pub(super) fn of_request(error: anyhow::Error) -> Self {
        let status = error.downcast_ref::<FailedStatus>();
        let cause = status.map_or(Cause::Unavailable, FailedStatus::cause);
        Self::new(cause, error)
    }

    /// An error of settings that do not fit together.
    pub(super) fn misconfigured(detail: impl Into<anyhow::Error>) -> Self {
        Self::new(Cause::Misconfigured, detail)
    }

    /// An error of a response that identifies no user.
    pub(super) fn invalid(detail: impl Into<anyhow::Error>) -> Self {
        Self::new(Cause::Rejected, detail)
    }

    /// An error that the provider itself reports by its code. Of its description, only the one word is read that
    /// tells a user who took too long; the rest may repeat what a user has entered.
    pub fn reported(code: &str, description: Option<&str>) -> Self {
        let cause = match description {
            Some(word @ "authentication_expired") => Cause::of_code(word),
            _ => Cause::of_code(code),
        };
        Self::new(cause, anyhow!("the provider reports {}", plain(code)))
    }

    /// An error of a response that has neither a code nor a token.
    pub fn without_proof() -> Self {
        Self::invalid(anyhow!("it has no usable code or token"))
    }

    /// Logs why a sign-in failed.
    pub fn log(&self, provider: &str) {
        self.cause.log(provider, Some(self));
    }
}

/// A provider's error code, fit for the log.
pub(super) fn plain(code: &str) -> String {
    let is_plain = |c: &char| c.is_ascii_alphanumeric() || "_-.".contains(*c);
    code.chars().filter(is_plain).take(MAX_CODE).collect()
}
