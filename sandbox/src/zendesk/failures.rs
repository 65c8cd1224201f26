//! The failures of the APIs that a switch causes.

use axum::Json;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::exchanges::Exchange;
use super::rejection::Rejection;
use super::settings::Failure;
use super::state::Zendesk;
use crate::oversized::oversized_json;

/// Failures that do not depend on the request.
pub(super) async fn before_reading(zendesk: &Zendesk, failure: Failure) -> Result<(), Rejection> {
    match failure {
        Failure::ServerError => return Err(Rejection::server_error(FORCED)),
        Failure::Slow => zendesk.delay().await,
        _ => {}
    }
    Ok(())
}

/// The response to a valid request, or what the failure makes of it.
pub(super) fn send(failure: Failure, body: &Value, exchange: &mut Exchange) -> Response {
    let spoiled = match failure {
        Failure::Empty => Json(json!({})).into_response(),
        Failure::Malformed => malformed(body),
        Failure::Huge => huge(body),
        _ => return ([(CACHE_CONTROL, "no-store")], Json(body)).into_response(),
    };
    exchange.outcome = FORCED;
    spoiled
}

const FORCED: &str = "forced_failure";

fn malformed(body: &Value) -> Response {
    let mut text = body.to_string();
    text.truncate(text.len() / 2);
    ([(CONTENT_TYPE, "application/json")], text).into_response()
}

fn huge(body: &Value) -> Response {
    let mut head = body.to_string();
    head.pop();
    oversized_json(format!(r#"{head},"padding":""#), r#""}"#)
}
