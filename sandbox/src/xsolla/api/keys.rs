//! `GET /projects/{id}/keys`: the public keys of RS256 tokens, as a JSON array. `POST` rotates the keys; only
//! the project's own server may do so.

use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::rejection::Rejection;
use crate::xsolla::exchanges::Call;
use crate::xsolla::{Xsolla, failures, server_token};

pub(super) async fn list(State(xsolla): State<Xsolla>, Path(project_id): Path<String>) -> Response {
    let failure = xsolla.settings().keys;
    if let Some(failed) = failures::instead_of_reading(&xsolla, failure).await {
        xsolla.record(Call::Keys, "forced_failure", None);
        return failed;
    }
    if project_id != xsolla.project_id() {
        xsolla.record(Call::Keys, Rejection::UNKNOWN_PROJECT.code, None);
        return Rejection::UNKNOWN_PROJECT.into_response();
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
    let rejection = if project_id != xsolla.project_id() {
        Rejection::UNKNOWN_PROJECT
    } else if server_token::is_in(&xsolla, &headers) {
        return match xsolla.rotate_keys() {
            Ok(()) => {
                xsolla.record(Call::Rotation, "ok", None);
                StatusCode::NO_CONTENT.into_response()
            }
            Err(error) => failures::internal(&error),
        };
    } else {
        Rejection::NOT_THE_SERVER
    };
    xsolla.record(Call::Rotation, rejection.code, None);
    rejection.into_response()
}
