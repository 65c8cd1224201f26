//! A [`Failure`] as a response, in the format of the popup's vendor: `{"status":"…"}`.

use axum::{
    Json,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use serde_json::json;

use crate::{handoff::Failure, http::set_retry_after};

pub(super) fn status(failure: Failure) -> StatusCode {
    match failure {
        Failure::Unavailable => StatusCode::INTERNAL_SERVER_ERROR,
        Failure::Rejected => StatusCode::BAD_REQUEST,
        Failure::TooLong => StatusCode::BAD_GATEWAY,
        Failure::RateLimited(_) => StatusCode::TOO_MANY_REQUESTS,
        Failure::SignedOut => StatusCode::UNAUTHORIZED,
        Failure::Forbidden => StatusCode::FORBIDDEN,
    }
}

/// Adds `Retry-After` if the request was rate limited.
pub(super) fn set_retry_after_of(failure: Failure, headers: &mut HeaderMap) {
    if let Failure::RateLimited(rate_limited) = failure {
        set_retry_after(headers, rate_limited.retry_after_seconds());
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let word = match self {
            Self::Unavailable => "server_error",
            Self::Rejected => "bad_request",
            Self::TooLong => "too_long",
            Self::RateLimited(_) => "rate_limited",
            Self::SignedOut => "unauthenticated",
            Self::Forbidden => "forbidden",
        };
        let mut response = (status(self), Json(json!({ "status": word }))).into_response();
        set_retry_after_of(self, response.headers_mut());
        response
    }
}
