//! Extracts the session of a request.

use axum::{
    extract::FromRequestParts,
    http::{StatusCode, request::Parts},
};
use tower_sessions::Session;

use crate::session::SessionEntries;

impl<S: Send + Sync> FromRequestParts<S> for SessionEntries {
    type Rejection = (StatusCode, &'static str);

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Self::Rejection> {
        Ok(Self::of(Session::from_request_parts(parts, state).await?))
    }
}
