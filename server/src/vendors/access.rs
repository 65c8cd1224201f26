//! Who is asking for a credential: the user of the session, never a user that the request names.

use std::sync::Arc;

use axum::{
    Json,
    extract::FromRequestParts,
    http::{HeaderMap, StatusCode, header::ORIGIN, request::Parts},
    response::{IntoResponse, Response},
};
use serde_json::json;

use super::{UpstreamLogins, VendorIdentity, vendor::Vendor};
use crate::{
    accounts::{Accounts, User},
    audit::{CredentialUses, Site},
    database::Database,
    handoff::{Failure, Handoffs},
    http::set_retry_after,
    limits::{MemoryLimiter, RateLimited},
    session,
};

/// The services that vendors' endpoints use. Cheap to clone.
#[derive(Clone, Debug)]
pub struct VendorServices(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    accounts: Accounts,
    sessions: session::Store,
    handoffs: Handoffs,
    database: Database,
    upstream_logins: UpstreamLogins,
    uses: CredentialUses,
}

impl VendorServices {
    pub fn new(
        accounts: Accounts,
        sessions: session::Store,
        handoffs: Handoffs,
        database: Database,
        upstream_logins: UpstreamLogins,
        uses: CredentialUses,
    ) -> Self {
        Self(Arc::new(Inner {
            accounts,
            sessions,
            handoffs,
            database,
            upstream_logins,
            uses,
        }))
    }

    pub fn accounts(&self) -> &Accounts {
        &self.0.accounts
    }

    pub fn handoffs(&self) -> &Handoffs {
        &self.0.handoffs
    }

    pub fn database(&self) -> &Database {
        &self.0.database
    }

    pub fn uses(&self) -> &CredentialUses {
        &self.0.uses
    }

    pub fn upstream_logins(&self) -> &UpstreamLogins {
        &self.0.upstream_logins
    }

    /// Notes that a user's credential was issued to the page that has sent a request.
    pub(super) fn note_use(&self, vendor: &'static str, user_id: String, headers: &HeaderMap) {
        let site = Site::Origin(headers.get(ORIGIN).cloned());
        self.0.uses.note(vendor, user_id, site);
    }

    /// The signed-in user of the request, if there is one.
    pub(super) async fn user(&self, headers: &HeaderMap) -> Result<Option<User>, Denied> {
        let Some(id_hash) = session::id_hash(headers) else {
            return Ok(None);
        };
        let user = self.0.accounts.user_of_session(&self.0.sessions, &id_hash);
        user.await.map_err(|error| {
            tracing::error!(%error, "a session cannot be read");
            Denied::Unavailable
        })
    }

    /// Whether the user of the request is still signed in. A handler that has waited for another server asks
    /// this before it gives out what it got.
    ///
    /// # Errors
    /// [`Denied::SignedOut`] if the session has ended or is another user's, or [`Denied::Unavailable`].
    pub(super) async fn still_signed_in(
        &self,
        headers: &HeaderMap,
        user_id: &str,
    ) -> Result<(), Denied> {
        let user = self.user(headers).await?;
        match user.is_some_and(|user| user.id == user_id) {
            true => Ok(()),
            false => Err(Denied::SignedOut),
        }
    }
}

/// The state of one vendor's handlers.
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

/// Extracts the vendor and the signed-in user, and counts one credential against the user's rate limit.
pub(super) struct CredentialRequest<V> {
    pub(super) vendor: Arc<V>,
    pub(super) user: VendorIdentity,
}

/// A vendor whose endpoints issue credentials to the signed-in user.
pub(super) trait CredentialVendor: Vendor {
    /// The rate limit on the credentials of each user.
    fn limiter(&self) -> &MemoryLimiter;
}

/// Why no credential is issued. The response has the format of the vendors' samples: `{"error":"…"}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Denied {
    /// The vendor, or the part of it that was asked, is not configured.
    #[error("vendor_not_configured")]
    Off,
    #[error("Not authenticated")]
    SignedOut,
    /// The address is not verified, so it may belong to another person.
    #[error("Email not confirmed")]
    EmailUnverified,
    #[error("Too many requests")]
    RateLimited(RateLimited),
    /// The user cannot be determined: the database, or the keys of an upstream login, are unavailable.
    #[error("Not available")]
    Unavailable,
    /// The credential could not be created.
    #[error("Internal error")]
    Failed,
}

impl Denied {
    pub(super) fn status(self) -> StatusCode {
        match self {
            Self::Off => StatusCode::NOT_FOUND,
            Self::SignedOut => StatusCode::UNAUTHORIZED,
            Self::EmailUnverified => StatusCode::FORBIDDEN,
            Self::RateLimited(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Self::Failed => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// Logs the error, which is not sent to the client.
    pub(super) fn failed(error: impl std::fmt::Display) -> Self {
        tracing::error!(%error, "a credential cannot be created");
        Self::Failed
    }

    /// The response with this status and the vendor's own format of body.
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
            Denied::EmailUnverified => Self::Forbidden,
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

/// The response of every endpoint of a vendor that is off.
pub(super) fn off() -> Response {
    Denied::Off.into_response()
}

impl<V: CredentialVendor> FromRequestParts<Endpoint<V>> for CredentialRequest<V> {
    type Rejection = Denied;

    async fn from_request_parts(parts: &mut Parts, endpoint: &Endpoint<V>) -> Result<Self, Denied> {
        let user = endpoint.services.user(&parts.headers).await?;
        let user = identity_for_vendor(user.ok_or(Denied::SignedOut)?, &*endpoint.vendor)?;
        Ok(Self {
            vendor: Arc::clone(&endpoint.vendor),
            user,
        })
    }
}

/// The user as the vendor may know them. Counts as one credential against the user's rate limit.
///
/// # Errors
/// [`Denied::RateLimited`] or [`Denied::EmailUnverified`].
pub(super) fn identity_for_vendor(
    user: User,
    vendor: &impl CredentialVendor,
) -> Result<VendorIdentity, Denied> {
    let counted = vendor.limiter().count(&user.id);
    counted.map_err(Denied::RateLimited)?;
    VendorIdentity::try_from(user).map_err(|_| Denied::EmailUnverified)
}
