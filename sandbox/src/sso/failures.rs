//! Failures that several endpoints share.

use axum::Json;
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::any;
use jsonwebtoken::jwk::JwkSet;
use serde_json::Value;

use super::keys::SigningKey;
use super::state::Sso;
use crate::oversized::oversized_json;

pub(super) fn router() -> Router<Sso> {
    Router::new().route("/sso/elsewhere", any(other_host))
}

/// The other host: counts requests and serves a key that is not in the provider's key set.
async fn other_host(State(sso): State<Sso>) -> Response {
    sso.count(|calls| &mut calls.other_host);
    match SigningKey::unlisted() {
        Ok(unlisted) => Json(JwkSet {
            keys: vec![unlisted.public.clone()],
        })
        .into_response(),
        Err(error) => internal(&error),
    }
}

pub(super) fn unavailable() -> Response {
    (StatusCode::SERVICE_UNAVAILABLE, "Come back later.").into_response()
}

pub(super) fn server_error() -> Response {
    (
        StatusCode::INTERNAL_SERVER_ERROR,
        "Something went wrong on our side.",
    )
        .into_response()
}

/// A fault of the sandbox itself.
pub(super) fn internal(error: &anyhow::Error) -> Response {
    tracing::error!(%error, "the sandbox's OpenID provider failed");
    server_error()
}

/// Truncated JSON.
pub(super) fn malformed(whole: &Value) -> Response {
    let mut text = whole.to_string();
    text.truncate(text.len() / 2);
    ([(CONTENT_TYPE, "application/json")], text).into_response()
}

/// The right response with many megabytes of padding.
pub(super) fn huge(whole: &Value) -> Response {
    let mut head = whole.to_string();
    head.pop();
    oversized_json(format!(r#"{head},"padding":""#), r#""}"#)
}

/// Redirects by 307, with which a client repeats its whole request, body included (RFC 9110, section 15.4.8).
pub(super) fn redirect_to_other_host(sso: &Sso) -> Response {
    Redirect::temporary(sso.other_host()).into_response()
}
