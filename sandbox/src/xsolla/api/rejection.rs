//! Error responses of the Login API: `{"error":{"code":"003-001","description":"…"}}`. The codes are those
//! that the vendor's SDKs know; the statuses and descriptions are not published.

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::http::StatusCode;
use axum::http::header::CACHE_CONTROL;
use axum::response::{IntoResponse, Response};
use serde_json::json;

/// An error response of the API.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Rejection {
    status: StatusCode,
    pub(super) code: &'static str,
    description: &'static str,
}

impl Rejection {
    const BODY_TOO_LARGE: Self = Self::new(
        StatusCode::PAYLOAD_TOO_LARGE,
        "0",
        "Request body too large.",
    );
    const INVALID_BODY: Self = Self::new(
        StatusCode::BAD_REQUEST,
        "0",
        "The body must be a JSON object with the fields of this request.",
    );
    pub(super) const WRONG_PASSWORD: Self = Self::new(
        StatusCode::UNAUTHORIZED,
        "003-001",
        "Wrong username or password.",
    );
    pub(super) const UNKNOWN_PROJECT: Self = Self::new(
        StatusCode::NOT_FOUND,
        "003-061",
        "There is no Login project with this id.",
    );
    pub(super) const AMBIGUOUS_CALLBACK: Self = Self::new(
        StatusCode::UNPROCESSABLE_ENTITY,
        "010-011",
        "Several Callback URLs are registered; login_url must be one of them.",
    );
    pub(super) const UNKNOWN_CALLBACK: Self = Self::new(
        StatusCode::UNPROCESSABLE_ENTITY,
        "010-012",
        "login_url is not registered as a Callback URL.",
    );
    pub(super) const NOT_A_CLIENT: Self = Self::new(
        StatusCode::UNPROCESSABLE_ENTITY,
        "0",
        "client_id, response_type and state must be those of an OAuth 2.0 client of the project.",
    );
    pub(super) const NOT_THE_SERVER: Self = Self::new(
        StatusCode::FORBIDDEN,
        "403",
        "X-SERVER-AUTHORIZATION must be a server JWT of the project.",
    );
    pub(super) const INVALID_TOKEN: Self = Self::new(
        StatusCode::UNPROCESSABLE_ENTITY,
        "422",
        "The token is not valid.",
    );

    /// The rejection of a body that could not be read.
    pub(super) fn of_body(rejection: &JsonRejection) -> Self {
        match rejection.status() {
            StatusCode::PAYLOAD_TOO_LARGE => Self::BODY_TOO_LARGE,
            _ => Self::INVALID_BODY,
        }
    }

    const fn new(status: StatusCode, code: &'static str, description: &'static str) -> Self {
        Self {
            status,
            code,
            description,
        }
    }
}

impl IntoResponse for Rejection {
    fn into_response(self) -> Response {
        let error = json!({ "code": self.code, "description": self.description, "details": {} });
        let response = (
            [(CACHE_CONTROL, "no-store")],
            Json(json!({ "error": error })),
        );
        (self.status, response).into_response()
    }
}
