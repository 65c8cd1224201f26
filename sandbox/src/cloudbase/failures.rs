//! The middleware around the gateway: makes calls fail as the switch says, and records them.

use std::time::Duration;

use axum::body::{self, Body};
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};

use super::outcome::Outcome;
use super::response::CallRecord;
use super::settings::Failure;
use super::state::CloudBase;

/// Every response of the gateway is shorter.
const MAX_RESPONSE_BYTES: usize = 64 * 1024;

/// Runs the request, or fails it as the switch says, and records the outcome.
pub(super) async fn watch(
    State(cloudbase): State<CloudBase>,
    request: Request,
    next: Next,
) -> Response {
    let endpoint = request
        .uri()
        .path()
        .trim_start_matches("/auth/v1/")
        .to_owned();
    let settings = cloudbase.settings();
    let response = match settings.failure {
        Failure::None => next.run(request).await,
        Failure::ServerError => Outcome::ForcedFailure.into_response(),
        Failure::BadGateway => {
            let page = Html("<!DOCTYPE html><title>502 Bad Gateway</title>");
            (StatusCode::BAD_GATEWAY, page).into_response()
        }
        Failure::Slow => {
            tokio::time::sleep(Duration::from_millis(settings.slow_milliseconds.into())).await;
            next.run(request).await
        }
        Failure::Malformed => truncated(next.run(request).await).await,
    };
    if let Some(note) = response.extensions().get::<CallRecord>() {
        cloudbase.record(endpoint, note.clone());
    }
    response
}

/// The first half of a successful response's JSON; a rejection stays as it is.
async fn truncated(response: Response) -> Response {
    if !response.status().is_success() {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let Ok(whole) = body::to_bytes(body, MAX_RESPONSE_BYTES).await else {
        return Outcome::InternalError.into_response();
    };
    if let Some(note) = parts.extensions.get_mut::<CallRecord>() {
        note.outcome = Outcome::ForcedFailure;
    }
    let half = whole.slice(..whole.len() / 2);
    let mut response = ([(CONTENT_TYPE, "application/json")], Body::from(half)).into_response();
    *response.extensions_mut() = parts.extensions;
    response
}
