//! Refusals: a status, a code for programs and the record, and a message for people. Each API formats
//! them in its own way.

use axum::http::{HeaderMap, StatusCode};

use crate::body::MAX_BODY;
use crate::headers::announces;
use crate::jwt::Fault;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Rejection {
    pub(super) status: StatusCode,
    pub(super) code: &'static str,
    pub(super) message: String,
}

impl Rejection {
    pub(super) fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        let message = message.into();
        Self {
            status,
            code,
            message,
        }
    }

    pub(super) fn bad_request(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code, message)
    }

    /// 401, for invalid tokens.
    pub(super) fn unauthorized(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, code, message)
    }

    pub(super) fn body_too_large() -> Self {
        let message = format!("The body may have at most {MAX_BODY} bytes.");
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "body_too_large", message)
    }

    /// A fault of the sandbox itself.
    pub(super) fn internal(error: &anyhow::Error) -> Self {
        tracing::error!(%error, "the sandbox's Zendesk failed");
        Self::server_error("internal_error")
    }

    pub(super) fn server_error(code: &'static str) -> Self {
        let status = StatusCode::INTERNAL_SERVER_ERROR;
        Self::new(status, code, "Something went wrong on our side.")
    }
}

impl From<Fault> for Rejection {
    fn from(fault: Fault) -> Self {
        let (code, message) = match fault {
            Fault::Malformed => ("malformed_token", "The token is not a JSON Web Token."),
            Fault::WrongAlgorithm => ("wrong_algorithm", "The token must be signed with HS256."),
            Fault::BadSignature => (
                "bad_signature",
                "The token was not signed with the account's present secret.",
            ),
        };
        Self::unauthorized(code, message)
    }
}

/// Accepts only bodies whose `Content-Type` is `media_type`.
pub(super) fn check_content_type(headers: &HeaderMap, media_type: &str) -> Result<(), Rejection> {
    if announces(headers, media_type) {
        return Ok(());
    }
    Err(Rejection::new(
        StatusCode::UNSUPPORTED_MEDIA_TYPE,
        "unsupported_media_type",
        format!("Send the body as {media_type}."),
    ))
}
