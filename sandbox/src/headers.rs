//! What services read from a request's headers.

use axum::http::HeaderMap;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};

/// The token of `Authorization: Bearer` (RFC 6750, section 2.1).
pub(crate) fn bearer(headers: &HeaderMap) -> Option<&str> {
    let header = headers.get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = header.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token)
}

/// Whether `Content-Type` is `media_type`, with or without parameters.
pub(crate) fn announces(headers: &HeaderMap, media_type: &str) -> bool {
    let announced = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    let essence = announced.and_then(|value| value.split(';').next());
    essence.is_some_and(|essence| essence.trim().eq_ignore_ascii_case(media_type))
}
