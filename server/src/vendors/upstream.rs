//! Upstream logins: a site may have a login already, which keeps its own JWT in the cookie `token` on the parent
//! domain. Vendors that take such users ask here who they are, and know no login by name.

use std::{fmt, sync::Arc};

use anyhow::anyhow;
use async_trait::async_trait;

use super::demo_site::DemoSite;
use crate::clock::Timestamp;

/// The cookie in which such a login keeps its token.
pub(super) const COOKIE: &str = "token";

/// A login whose tokens are accepted here.
#[async_trait]
pub trait UpstreamLogin: fmt::Debug + Send + Sync {
    /// Its display name.
    fn label(&self) -> &str;

    /// Who vouches, as linked identities name it; with a subject it is the whole key of a user.
    fn issuer(&self) -> &str;

    /// Its own page for signing in, which comes back to `back` with a token, if the demo has one.
    fn page(&self, _site: &DemoSite<'_>, _back: &str) -> Option<String> {
        None
    }

    /// Reads a token strictly.
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
    /// None if the token has none that is a text.
    pub subject: Option<String>,
    pub email: Option<String>,
    /// What the token says about the address; some logins never say.
    pub email_verified: Option<bool>,
    pub name: Option<String>,
    pub expires_at: Timestamp,
}

/// Why a token identifies no user. The reason is only logged.
#[derive(Debug, thiserror::Error)]
pub enum UpstreamError {
    #[error("the token is not valid: {0:#}")]
    Invalid(#[source] anyhow::Error),
    /// The keys to check it with cannot be had at the moment.
    #[error("the login cannot be asked: {0:#}")]
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

    /// Whether no upstream login is configured: then the cookie is not ours to read or delete.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &dyn UpstreamLogin> {
        self.0.iter().map(AsRef::as_ref)
    }

    /// The user of a token that one of the logins has signed.
    ///
    /// # Errors
    /// [`UpstreamError::Unavailable`] if one of them could not check it and no other has signed it.
    pub async fn verify(&self, token: &str) -> Result<UpstreamUser, UpstreamError> {
        let mut refusal = UpstreamError::invalid(anyhow!("there is no login to have signed it"));
        for login in self.iter() {
            match login.verify(token).await {
                Ok(user) => return Ok(user),
                Err(error) if matches!(refusal, UpstreamError::Invalid(_)) => refusal = error,
                Err(_) => {}
            }
        }
        Err(refusal)
    }
}
