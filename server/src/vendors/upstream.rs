//! Upstream logins: the site may have another login, which keeps its own JWT in the cookie `token` on the
//! parent domain. Vendors that accept its users verify the token through [`UpstreamLogins`], so they need not
//! know which login it is.

use std::{fmt, sync::Arc};

use anyhow::anyhow;
use async_trait::async_trait;

use super::demo_site::DemoSite;
use crate::{clock::Timestamp, json::Object};

/// The cookie in which an upstream login keeps its token.
pub(super) const COOKIE: &str = "token";

/// Longer cookies are rejected unread. Browsers keep none of more than half of this.
const MAX_BYTES: usize = 8 * 1024;

/// A login other than this one, whose tokens vendors accept.
#[async_trait]
pub trait UpstreamLogin: fmt::Debug + Send + Sync {
    /// Its display name.
    fn label(&self) -> &str;

    /// Its issuer, as linked identities store it. Issuer and subject together identify a user.
    fn issuer(&self) -> &str;

    /// The URL of its sign-in page, which returns to `back` with a token; `None` if the demo has none.
    fn page(&self, _site: &DemoSite<'_>, _back: &str) -> Option<String> {
        None
    }

    /// Verifies a token.
    ///
    /// # Errors
    /// [`UpstreamError`].
    async fn verify(&self, token: &str) -> Result<UpstreamUser, UpstreamError>;
}

/// A user of an upstream login, as its token describes them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UpstreamUser {
    /// [`UpstreamLogin::issuer`].
    pub issuer: String,
    /// `None` if the token's `sub` is missing, empty or not a string.
    pub subject: Option<String>,
    pub email: Option<String>,
    /// Whether the login has verified the address; `None` if the token does not say.
    pub email_verified: Option<bool>,
    pub name: Option<String>,
    /// When the token expires.
    pub expires_at: Timestamp,
}

/// The claim `email_verified`; anything but a boolean is not true.
pub(super) fn email_verified(claims: &Object) -> Option<bool> {
    const NAME: &str = "email_verified";
    claims.has(NAME).then(|| claims.boolean(NAME) == Some(true))
}

/// Why a token was rejected. The reason is only logged.
#[derive(Debug, thiserror::Error)]
pub enum UpstreamError {
    #[error("the token is not valid: {0:#}")]
    Invalid(#[source] anyhow::Error),
    /// The keys to verify it with cannot be fetched at the moment.
    #[error("the token cannot be verified at the moment: {0:#}")]
    Unavailable(#[source] anyhow::Error),
}

impl UpstreamError {
    pub(super) fn invalid(error: impl Into<anyhow::Error>) -> Self {
        Self::Invalid(error.into())
    }
}

/// All logins whose tokens are accepted.
#[derive(Clone, Debug)]
pub struct UpstreamLogins(Arc<[Arc<dyn UpstreamLogin>]>);

impl UpstreamLogins {
    pub(super) fn new(logins: impl IntoIterator<Item = Arc<dyn UpstreamLogin>>) -> Self {
        Self(logins.into_iter().collect())
    }

    /// Whether no upstream login is configured. In this case, the cookie is neither read nor deleted.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn iter(&self) -> impl Iterator<Item = &dyn UpstreamLogin> {
        self.0.iter().map(AsRef::as_ref)
    }

    /// Verifies a token that any of the logins may have issued.
    ///
    /// # Errors
    /// If no login accepts it: [`UpstreamError::Unavailable`] if at least one could not verify it, or else
    /// [`UpstreamError::Invalid`].
    pub async fn verify(&self, token: &str) -> Result<UpstreamUser, UpstreamError> {
        if token.len() > MAX_BYTES {
            return Err(UpstreamError::invalid(anyhow!("the cookie is too long")));
        }
        let mut rejection = UpstreamError::invalid(anyhow!("no upstream login is configured"));
        for login in self.iter() {
            match login.verify(token).await {
                Ok(user) => return Ok(user),
                Err(error) if matches!(rejection, UpstreamError::Invalid(_)) => rejection = error,
                Err(_) => {}
            }
        }
        Err(rejection)
    }
}
