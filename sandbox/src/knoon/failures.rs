//! The failures of the credentials API that a switch causes.

use axum::Json;
use axum::body::Body;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::rejection::Rejection;
use super::settings::Failure;
use crate::oversized::oversized_json;

/// Failures that do not depend on the request.
pub(super) fn instead_of_reading(failure: Failure) -> Option<Rejection> {
    match failure {
        Failure::Unauthorized => Some(invalid_credentials()),
        Failure::BadRequest => Some(Rejection::new(
            StatusCode::BAD_REQUEST,
            "bad_request",
            "The request could not be processed.",
        )),
        Failure::ServerError => Some(Rejection::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "internal_error",
            "Something went wrong on our side.",
        )),
        _ => None,
    }
}

/// Failures that replace the response to a valid request.
pub(super) fn instead_of_credential(failure: Failure) -> Option<Response> {
    match failure {
        Failure::Empty => Some(Json(json!({ "data": null })).into_response()),
        Failure::Long => Some(
            Json(json!({ "data": { "jwt": "x".repeat(4200), "expiresAt": u32::MAX } }))
                .into_response(),
        ),
        Failure::Malformed => Some(json_body(
            r#"{"data":{"jwt":"eyJhbGciOiJIUzI1NiJ9.e30"#.into(),
        )),
        Failure::Huge => Some(oversized_json(
            r#"{"data":{"jwt":"x.y.z","expiresAt":1,"padding":""#,
            r#""}}"#,
        )),
        _ => None,
    }
}

/// The response to every fault in the `Authorization` header.
pub(super) fn invalid_credentials() -> Rejection {
    Rejection::unauthorized(
        "invalid_credentials",
        "The organization ID or the API key is wrong.",
    )
}

fn json_body(body: Body) -> Response {
    ([(CONTENT_TYPE, "application/json")], body).into_response()
}
