//! `GET /projects/{id}/keys`: the public keys of RS256 tokens, as a JSON array. `POST` rotates the keys; only
//! the project's own server may do so.

use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::refusal::Refusal;
use crate::xsolla::exchanges::Call;
use crate::xsolla::{Xsolla, failures, server_token};

pub(super) async fn list(State(xsolla): State<Xsolla>, Path(project_id): Path<String>) -> Response {
    let failure = xsolla.settings().keys;
    if let Some(failed) = failures::instead_of_reading(&xsolla, failure).await {
        xsolla.record(Call::Keys, "forced_failure", None);
        return failed;
    }
    if project_id != xsolla.project_id() {
        xsolla.record(Call::Keys, Refusal::UNKNOWN_PROJECT.code, None);
        return Refusal::UNKNOWN_PROJECT.into_response();
    }
    match xsolla.public_keys() {
        Ok(keys) => {
            let (outcome, response) = failures::spoil_or_send(failure, &json!(keys));
            xsolla.record(Call::Keys, outcome, None);
            response
        }
        Err(error) => failures::internal(&error),
    }
}

pub(super) async fn rotate(
    State(xsolla): State<Xsolla>,
    Path(project_id): Path<String>,
    headers: HeaderMap,
) -> Response {
    let refusal = if project_id != xsolla.project_id() {
        Refusal::UNKNOWN_PROJECT
    } else if server_token::is_in(&xsolla, &headers) {
        return match xsolla.rotate_keys() {
            Ok(()) => {
                xsolla.record(Call::Rotation, "ok", None);
                StatusCode::NO_CONTENT.into_response()
            }
            Err(error) => failures::internal(&error),
        };
    } else {
        Refusal::NOT_THE_SERVER
    };
    xsolla.record(Call::Rotation, refusal.code, None);
    refusal.into_response()
}
