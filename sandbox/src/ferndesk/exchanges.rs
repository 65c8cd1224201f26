//! The record of identify calls. Never holds a secret or a token.

use axum::Json;
use axum::http::StatusCode;
use axum::http::header::CACHE_CONTROL;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::json;

use crate::clock::rfc3339;
use crate::jwt::Fault;

/// How an identify call ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The user is identified.
    Identified,
    /// The body exceeds the size limit.
    BodyTooLarge,
    /// The body is not a JSON object.
    MalformedJson,
    /// There is no widget with this id.
    UnknownWidget,
    /// No token under the name that the contract gives it.
    MissingToken,
    /// The page is not on the help center's domain.
    WrongDomain,
    /// The token is not three canonical segments, or its JSON is not objects with unique names.
    MalformedToken,
    /// The token's header names an algorithm other than HS256.
    WrongAlgorithm,
    /// The token was signed with another secret.
    BadSignature,
    /// `exp` is in the past, or not a number.
    Expired,
    /// A claim is missing, empty, or of the wrong type.
    InvalidClaim,
    /// The failure switch caused it.
    ForcedFailure,
}

impl Outcome {
    /// The code in JSON and in the console.
    pub fn code(self) -> &'static str {
        match self {
            Self::Identified => "identified",
            Self::BodyTooLarge => "body_too_large",
            Self::MalformedJson => "malformed_json",
            Self::UnknownWidget => "unknown_widget",
            Self::MissingToken => "missing_token",
            Self::WrongDomain => "wrong_domain",
            Self::MalformedToken => "malformed_token",
            Self::WrongAlgorithm => "wrong_algorithm",
            Self::BadSignature => "bad_signature",
            Self::Expired => "expired",
            Self::InvalidClaim => "invalid_claim",
            Self::ForcedFailure => "forced_failure",
        }
    }

    /// What the page is told. Three texts are the vendor's own; all faults of a token share one of them.
    fn rejection(self) -> (StatusCode, &'static str) {
        match self {
            Self::MissingToken => (StatusCode::BAD_REQUEST, "identify requires a token"),
            Self::WrongDomain => (
                StatusCode::FORBIDDEN,
                "must be called from same domain or 1-level subdomain",
            ),
            Self::MalformedToken
            | Self::WrongAlgorithm
            | Self::BadSignature
            | Self::Expired
            | Self::InvalidClaim => (StatusCode::UNAUTHORIZED, "invalid token"),
            Self::UnknownWidget => (StatusCode::NOT_FOUND, "unknown widget"),
            Self::BodyTooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "the request is too large"),
            Self::MalformedJson => (StatusCode::BAD_REQUEST, "the request is not a JSON object"),
            Self::Identified | Self::ForcedFailure => {
                (StatusCode::INTERNAL_SERVER_ERROR, "something went wrong")
            }
        }
    }
}

impl From<Fault> for Outcome {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Malformed => Self::MalformedToken,
            Fault::WrongAlgorithm => Self::WrongAlgorithm,
            Fault::BadSignature => Self::BadSignature,
        }
    }
}

/// An outcome becomes an error response, `{"error": text}`.
impl IntoResponse for Outcome {
    fn into_response(self) -> Response {
        let (status, text) = self.rejection();
        let body = Json(json!({ "error": text }));
        (status, [(CACHE_CONTROL, "no-store")], body).into_response()
    }
}

/// One identify call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Exchange {
    /// When it ended, as an ISO date in UTC.
    pub time: String,
    /// The page's origin, from the `Origin` header.
    pub origin: Option<String>,
    /// The user's id, if the token was valid.
    pub user_id: Option<String>,
    /// How it ended.
    pub outcome: Outcome,
}

impl Exchange {
    pub(super) fn at(seconds: u64, origin: Option<String>, outcome: Outcome) -> Self {
        Self {
            time: rfc3339(seconds),
            origin,
            user_id: None,
            outcome,
        }
    }
}
