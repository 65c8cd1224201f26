//! Why there is no credential to hand over, and how each place says so.

use app::model::HandoffFailure;
use axum::{
    Json,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use serde_json::json;

use crate::{http::set_retry_after, limits::Exhausted};

/// Why there is no credential. As a response it is what the popup's vendor answers: `{"status":"…"}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// The vendor is down, slow or talks nonsense.
    Unavailable,
    /// The vendor gives this user none, or what was brought for it is not good. What is wrong with a code is not told.
    Refused,
    /// There were too many requests.
    Limited(Exhausted),
    SignedOut,
    /// The user's address is not confirmed, or the user has not agreed.
    Forbidden,
}

impl Failure {
    pub(super) fn status(self) -> StatusCode {
        match self {
            Self::Unavailable => StatusCode::INTERNAL_SERVER_ERROR,
            Self::Refused => StatusCode::BAD_REQUEST,
            Self::Limited(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::SignedOut => StatusCode::UNAUTHORIZED,
            Self::Forbidden => StatusCode::FORBIDDEN,
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Unavailable => "server_error",
            Self::Refused => "bad_request",
            Self::Limited(_) => "rate_limited",
            Self::SignedOut => "unauthenticated",
            Self::Forbidden => "forbidden",
        }
    }

    /// Says when another request is taken, if that is what is wrong.
    pub(super) fn name_wait(self, headers: &mut HeaderMap) {
        if let Self::Limited(exhausted) = self {
            set_retry_after(headers, exhausted.retry_after_seconds());
        }
    }
}

/// In the words of the popup's last page.
impl From<Failure> for HandoffFailure {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Unavailable => Self::Unavailable,
            Failure::Refused => Self::Refused,
            Failure::Limited(_) => Self::Limited,
            Failure::SignedOut => Self::SignedOut,
            Failure::Forbidden => Self::Forbidden,
        }
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let body = Json(json!({ "status": self.word() }));
        let mut response = (self.status(), body).into_response();
        self.name_wait(response.headers_mut());
        response
    }
}
