//! The failures of the Login API that a switch causes.

use axum::Json;
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::settings::Failure;
use super::state::Xsolla;
use crate::oversized::oversized_json;

/// Failures that do not depend on the request. For a slow response, this only waits.
pub(super) async fn instead_of_reading(xsolla: &Xsolla, failure: Failure) -> Option<Response> {
    match failure {
        Failure::Slow => {
            xsolla.delay().await;
            None
        }
        Failure::Unavailable => {
            Some((StatusCode::SERVICE_UNAVAILABLE, "Come back later.").into_response())
        }
        _ => None,
    }
}

/// Returns the outcome to record and the response: `body`, or what the failure makes of it.
pub(super) fn spoil_or_send(failure: Failure, body: &Value) -> (&'static str, Response) {
    let spoiled = match failure {
        Failure::Malformed => {
            let mut text = body.to_string();
            text.truncate(text.len() / 2);
            ([(CONTENT_TYPE, "application/json")], text).into_response()
        }
        Failure::Huge if body.is_array() => oversized_json(r#"[{"padding":""#, r#""}]"#),
        Failure::Huge => oversized_json(r#"{"padding":""#, r#""}"#),
        Failure::Empty if body.is_array() => Json(json!([])).into_response(),
        Failure::Empty => Json(json!({})).into_response(),
        Failure::None | Failure::Unavailable | Failure::Slow => {
            let response = ([(CACHE_CONTROL, "no-store")], Json(body));
            return ("ok", response.into_response());
        }
    };
    ("forced_failure", spoiled)
}

/// A fault of the sandbox itself.
pub(super) fn internal(error: &anyhow::Error) -> Response {
    tracing::error!(%error, "the sandbox's Xsolla failed");
    let status = StatusCode::INTERNAL_SERVER_ERROR;
    (status, "Something went wrong on our side.").into_response()
}
