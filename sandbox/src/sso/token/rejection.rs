//! Errors of the token endpoint (RFC 6749, section 5.2).

use axum::Json;
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, WWW_AUTHENTICATE};
use axum::response::{IntoResponse, Response};
use serde_json::json;

/// An error response, `{"error": code, "error_description": sentence}`.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Rejection {
    status: StatusCode,
    pub(super) error: &'static str,
    description: String,
}

impl Rejection {
    fn new(error: &'static str, description: impl Into<String>) -> Self {
        let status = match error {
            "invalid_client" => StatusCode::UNAUTHORIZED,
            "server_error" => StatusCode::INTERNAL_SERVER_ERROR,
            _ => StatusCode::BAD_REQUEST,
        };
        Self {
            status,
            error,
            description: description.into(),
        }
    }

    pub(super) fn invalid_request(description: &str) -> Self {
        Self::new("invalid_request", description)
    }

    pub(super) fn missing(parameter: &str) -> Self {
        Self::new("invalid_request", format!("{parameter} is missing."))
    }

    pub(super) fn invalid_client() -> Self {
        Self::new("invalid_client", "The client or its secret is wrong.")
    }

    pub(super) fn invalid_grant(description: &str) -> Self {
        Self::new("invalid_grant", description)
    }

    pub(super) fn unsupported_grant_type() -> Self {
        let description = "Only authorization_code is supported.";
        Self::new("unsupported_grant_type", description)
    }

    pub(super) fn server_error() -> Self {
        Self::new("server_error", "The provider has no randomness.")
    }
}

impl IntoResponse for Rejection {
    fn into_response(self) -> Response {
        let body = json!({ "error": self.error, "error_description": self.description });
        let no_store = [(CACHE_CONTROL, "no-store")];
        let response = (self.status, no_store, Json(body));
        if self.status == StatusCode::UNAUTHORIZED {
            let challenge = [(WWW_AUTHENTICATE, r#"Basic realm="token endpoint""#)];
            return (challenge, response).into_response();
        }
        response.into_response()
    }
}
