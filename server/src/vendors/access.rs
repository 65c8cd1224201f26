//! Who asks a credential endpoint. The session says so, never the request.

use std::sync::Arc;

use axum::{
    Json,
    extract::FromRequestParts,
    http::{HeaderMap, StatusCode, request::Parts},
    response::{IntoResponse, Response},
};
use serde_json::json;

use super::{UpstreamLogins, VendorIdentity, vendor::Vendor};
use crate::{
    accounts::{Accounts, User},
    database::Database,
    handoff::{Failure, Handoffs},
    http::set_retry_after,
    limits::{MemoryLimiter, RateLimited},
    session,
};

/// What vendors' endpoints work with. Cheap to clone.
#[derive(Clone, Debug)]
pub struct VendorServices(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    accounts: Accounts,
    sessions: session::Store,
    handoffs: Handoffs,
    database: Database,
    upstream_logins: UpstreamLogins,
}

impl VendorServices {
    pub fn new(
        accounts: Accounts,
        sessions: session::Store,
        handoffs: Handoffs,
        database: Database,
        upstream_logins: UpstreamLogins,
    ) -> Self {
        Self(Arc::new(Inner {
            accounts,
            sessions,
            handoffs,
            database,
            upstream_logins,
        }))
    }

    /// The users.
    pub fn accounts(&self) -> &Accounts {
        &self.0.accounts
    }

    /// The chat boxes.
    pub fn handoffs(&self) -> &Handoffs {
        &self.0.handoffs
    }

    /// The database.
    pub fn database(&self) -> &Database {
        &self.0.database
    }

    /// The logins whose tokens are accepted.
    pub fn upstream_logins(&self) -> &UpstreamLogins {
        &self.0.upstream_logins
    }

    /// The signed-in user of a request, if there is one.
    pub(super) async fn user(&self, headers: &HeaderMap) -> Result<Option<User>, Denied> {
        let user = async {
            match session::user_id(&self.0.sessions, headers).await? {
                Some(id) => self.0.accounts.user(&id).await,
                None => Ok(None),
            }
        };
        user.await.map_err(|error| {
            tracing::error!(%error, "a session cannot be read");
            Denied::Unavailable
        })
    }
}

/// What the handlers of one vendor are given.
#[derive(Debug)]
pub(super) struct Endpoint<V> {
    pub(super) vendor: Arc<V>,
    pub(super) services: VendorServices,
}

impl<V> Endpoint<V> {
    pub(super) fn new(vendor: Arc<V>, services: &VendorServices) -> Self {
        Self {
            vendor,
            services: services.clone(),
        }
    }
}

impl<V> Clone for Endpoint<V> {
    fn clone(&self) -> Self {
        Self::new(Arc::clone(&self.vendor), &self.services)
    }
}

/// The vendor, and the signed-in user who asks it for a credential.
pub(super) struct CredentialRequest<V> {
    pub(super) vendor: Arc<V>,
    pub(super) user: VendorIdentity,
}

/// A vendor whose endpoints give credentials to the signed-in user.
pub(super) trait CredentialVendor: Vendor {
    /// The limit on the credentials of one user.
    fn limiter(&self) -> &MemoryLimiter;
}

/// Why there is no credential. The response has the format of the vendors' samples: `{"error":"…"}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Denied {
    #[error("vendor_not_configured")]
    Off,
    #[error("Not authenticated")]
    SignedOut,
    /// An unverified address may be another person's.
    #[error("Email not confirmed")]
    EmailUnconfirmed,
    #[error("Too many requests")]
    RateLimited(RateLimited),
    /// Sessions cannot be read, so the user is unknown.
    #[error("Not available")]
    Unavailable,
    /// A credential could not be made.
    #[error("Internal error")]
    Failed,
}

impl Denied {
    pub(super) fn status(self) -> StatusCode {
        match self {
            Self::Off => StatusCode::NOT_FOUND,
            Self::SignedOut => StatusCode::UNAUTHORIZED,
            Self::EmailUnconfirmed => StatusCode::FORBIDDEN,
            Self::RateLimited(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Self::Failed => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// What went wrong is for the log alone.
    pub(super) fn failed(error: impl std::fmt::Display) -> Self {
        tracing::error!(%error, "a credential cannot be made");
        Self::Failed
    }

    /// The response with a body of the vendor's own.
    pub(super) fn respond(self, body: impl IntoResponse) -> Response {
        let mut response = (self.status(), body).into_response();
        if let Self::RateLimited(rate_limited) = self {
            set_retry_after(response.headers_mut(), rate_limited.retry_after_seconds());
        }
        response
    }
}

impl From<Denied> for Failure {
    fn from(denied: Denied) -> Self {
        match denied {
            Denied::SignedOut => Self::SignedOut,
            Denied::EmailUnconfirmed => Self::Forbidden,
            Denied::RateLimited(rate_limited) => Self::RateLimited(rate_limited),
            Denied::Off | Denied::Unavailable | Denied::Failed => Self::Unavailable,
        }
    }
}

impl IntoResponse for Denied {
    fn into_response(self) -> Response {
        self.respond(Json(json!({ "error": self.to_string() })))
    }
}

/// What the endpoints of a vendor that is off answer.
pub(super) fn off() -> Response {
    Denied::Off.into_response()
}

impl<V: CredentialVendor> FromRequestParts<Endpoint<V>> for CredentialRequest<V> {
    type Rejection = Denied;

    async fn from_request_parts(parts: &mut Parts, endpoint: &Endpoint<V>) -> Result<Self, Denied> {
        let user = endpoint.services.user(&parts.headers).await?;
        let user = vouch_for(user.ok_or(Denied::SignedOut)?, &*endpoint.vendor)?;
        Ok(Self {
            vendor: Arc::clone(&endpoint.vendor),
            user,
        })
    }
}

/// The user as the vendor may know them; counts as one credential.
///
/// # Errors
/// [`Denied`] if there were too many, or if the address is not proved.
pub(super) fn vouch_for(
    user: User,
    vendor: &impl CredentialVendor,
) -> Result<VendorIdentity, Denied> {
    let counted = vendor.limiter().count(&user.id);
    counted.map_err(Denied::RateLimited)?;
    VendorIdentity::try_from(user).map_err(|_| Denied::EmailUnconfirmed)
}
