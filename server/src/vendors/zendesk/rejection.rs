//! Why no token is issued. The response has the format of the sample that the endpoint implements:
//! `{"code":"…","description":"…"}`. The codes from `00-04` on are ours.

use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde_json::json;

use crate::vendors::access::Denied;

/// Why the endpoints issue no token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Rejection {
    #[error("Token is invalid")]
    Invalid,
    #[error("\"sub\" claim is missed")]
    NoSubject,
    #[error("\"email\" claim is missed")]
    NoEmail,
    /// It is ambiguous whose chat this would be.
    #[error("Session and token belong to different users")]
    AnotherUser,
    #[error("Account is disabled")]
    Disabled,
    #[error(transparent)]
    Denied(#[from] Denied),
}

impl Rejection {
    fn code(self) -> &'static str {
        match self {
            Self::Denied(Denied::SignedOut) => "00-00",
            Self::Invalid => "00-01",
            Self::NoSubject => "00-02",
            Self::NoEmail => "00-03",
            Self::AnotherUser => "00-04",
            Self::Denied(Denied::EmailUnverified) => "00-05",
            Self::Disabled => "00-06",
            Self::Denied(Denied::RateLimited(_)) => "00-07",
            Self::Denied(Denied::Off) => "00-08",
            Self::Denied(Denied::Unavailable) => "00-09",
            Self::Denied(Denied::Failed) => "00-10",
        }
    }

    fn description(self) -> String {
        match self {
            Self::Denied(Denied::SignedOut) => "Token not passed".to_owned(),
            other => other.to_string(),
        }
    }
}

impl IntoResponse for Rejection {
    fn into_response(self) -> Response {
        let body = Json(json!({ "code": self.code(), "description": self.description() }));
        match self {
            Self::Denied(denied) => denied.respond(body),
            Self::Invalid => (StatusCode::UNAUTHORIZED, body).into_response(),
            Self::NoSubject | Self::NoEmail => {
                (StatusCode::UNPROCESSABLE_ENTITY, body).into_response()
            }
            Self::AnotherUser | Self::Disabled => (StatusCode::FORBIDDEN, body).into_response(),
        }
    }
}
