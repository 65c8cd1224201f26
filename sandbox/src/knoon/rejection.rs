//! Knoon's error responses: a status, a machine-readable code and a message for people.

use axum::Json;
use axum::http::header::{CACHE_CONTROL, WWW_AUTHENTICATE};
use axum::http::{HeaderName, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::json;

/// An error response, `{"error": code, "message": sentence}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Rejection {
    pub(super) status: StatusCode,
    pub(super) code: &'static str,
    pub(super) message: String,
}

impl Rejection {
    pub(super) fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self {
            status,
            code,
            message: message.into(),
        }
    }

    pub(super) fn unauthorized(code: &'static str, message: &str) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, code, message)
    }

    fn challenge(&self) -> Option<[(HeaderName, &'static str); 1]> {
        let scheme = match self.code {
            "invalid_credentials" => r#"Basic realm="Knoon API", charset="UTF-8""#,
            _ => r#"Bearer realm="Knoon chat box""#,
        };
        (self.status == StatusCode::UNAUTHORIZED).then_some([(WWW_AUTHENTICATE, scheme)])
    }
}

impl IntoResponse for Rejection {
    fn into_response(self) -> Response {
        let challenge = self.challenge();
        let body = Json(json!({ "error": self.code, "message": self.message }));
        match challenge {
            Some(challenge) => {
                (self.status, challenge, [(CACHE_CONTROL, "no-store")], body).into_response()
            }
            None => (self.status, [(CACHE_CONTROL, "no-store")], body).into_response(),
        }
    }
}
