//! Who asks a credential endpoint. The session says so, never the request.

use std::sync::Arc;

use axum::{
    Json,
    extract::FromRequestParts,
    http::{HeaderMap, StatusCode, request::Parts},
    response::{IntoResponse, Response},
};
use serde_json::json;

use super::{
    VendorIdentity, Vendors,
    vendor::{CredentialVendor, Vendor},
};
use crate::{
    accounts::{SignedIn, User},
    handoff::Failure,
    http::set_retry_after,
    limits::Exhausted,
    state::AppState,
};

/// A vendor that is on, and the signed-in user who wants a credential of it.
pub(super) struct Asking<V> {
    pub(super) vendor: Arc<V>,
    pub(super) user: VendorIdentity,
}

/// A vendor's place in the registry.
pub(super) trait Registered: Vendor {
    /// The vendor, if it is on.
    fn of(vendors: &Vendors) -> Option<Arc<Self>>;
}

/// Why nobody gets a credential. As a response it has the words of the vendors' samples: `{"error":"…"}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Denied {
    #[error("vendor_not_configured")]
    Off,
    #[error("Not authenticated")]
    SignedOut,
    /// An address that was never confirmed may be somebody else's.
    #[error("Email not confirmed")]
    EmailUnconfirmed,
    #[error("Too many requests")]
    Exhausted(Exhausted),
    /// Sessions cannot be read, so nobody knows who asks.
    #[error("Not available")]
    Unavailable,
    /// A credential could not be made, which is our fault.
    #[error("Internal error")]
    Failed,
}

impl Denied {
    pub(super) fn status(self) -> StatusCode {
        match self {
            Self::Off => StatusCode::NOT_FOUND,
            Self::SignedOut => StatusCode::UNAUTHORIZED,
            Self::EmailUnconfirmed => StatusCode::FORBIDDEN,
            Self::Exhausted(_) => StatusCode::TOO_MANY_REQUESTS,
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
        if let Self::Exhausted(exhausted) = self {
            set_retry_after(response.headers_mut(), exhausted.retry_after_seconds());
        }
        response
    }
}

impl From<Denied> for Failure {
    fn from(denied: Denied) -> Self {
        match denied {
            Denied::SignedOut => Self::SignedOut,
            Denied::EmailUnconfirmed => Self::Forbidden,
            Denied::Exhausted(exhausted) => Self::Limited(exhausted),
            Denied::Off | Denied::Unavailable | Denied::Failed => Self::Unavailable,
        }
    }
}

impl IntoResponse for Denied {
    fn into_response(self) -> Response {
        self.respond(Json(json!({ "error": self.to_string() })))
    }
}

/// Whoever has signed in, if somebody has.
pub(super) async fn user(headers: &HeaderMap, state: &AppState) -> Result<Option<User>, Denied> {
    match SignedIn::find(headers, state).await {
        Ok(SignedIn(user)) => Ok(user),
        Err(error) => {
            tracing::error!(%error, "a session cannot be read");
            Err(Denied::Unavailable)
        }
    }
}

impl<V: Registered + CredentialVendor> FromRequestParts<AppState> for Asking<V> {
    type Rejection = Denied;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Denied> {
        let vendor = V::of(&state.vendors).ok_or(Denied::Off)?;
        let user = user(&parts.headers, state)
            .await?
            .ok_or(Denied::SignedOut)?;
        let user = vouch_for(user, &*vendor)?;
        Ok(Self { vendor, user })
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
    counted.map_err(Denied::Exhausted)?;
    VendorIdentity::try_from(user).map_err(|_| Denied::EmailUnconfirmed)
}
