//! `POST /zendesk/messaging/login`: the messenger sends the token that the host's page passed to `loginUser`.
//! The vendor publishes the checks and the texts of the responses, but not the real URL.

mod claims;
pub(super) mod users;

use axum::extract::{Request, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router, body};
use jsonwebtoken::Algorithm;
use serde::Deserialize;
use serde_json::{Value, json};
use tower_http::cors::{Any, CorsLayer};

use super::exchanges::{Call, Exchange};
use super::failures;
use super::rejection::{Rejection, check_content_type};
use super::state::Zendesk;
use crate::body::MAX_BODY;
use crate::jwt::Token;
use claims::EndUser;

pub(super) fn router() -> Router<Zendesk> {
    // Any page may embed the messenger, and no request carries cookies, so a wildcard is safe.
    let widgets = CorsLayer::new()
        .allow_origin(Any)
        .allow_methods([Method::POST])
        .allow_headers([CONTENT_TYPE]);
    Router::new()
        .route("/zendesk/messaging/login", post(log_in))
        .layer(widgets)
}

#[derive(Deserialize)]
struct LogIn {
    jwt: String,
}

async fn log_in(State(zendesk): State<Zendesk>, request: Request) -> Response {
    let failure = zendesk.settings().messaging_failure;
    let mut exchange = zendesk.exchange(Call::MessagingLogin);
    let response = match log_in_user(&zendesk, request, &mut exchange).await {
        Ok(response) => failures::send(failure, &response, &mut exchange),
        Err(rejection) => {
            exchange.refused(&rejection);
            refused(&rejection)
        }
    };
    zendesk.record(exchange);
    response
}

async fn log_in_user(
    zendesk: &Zendesk,
    request: Request,
    exchange: &mut Exchange,
) -> Result<Value, Rejection> {
    failures::before_reading(zendesk, zendesk.settings().messaging_failure).await?;
    check_content_type(request.headers(), "application/json")?;
    let body = body::to_bytes(request.into_body(), MAX_BODY).await;
    let body = body.map_err(|_| Rejection::body_too_large())?;
    let LogIn { jwt } = serde_json::from_slice(&body).map_err(|_| {
        let message = "The body must be an object with jwt, a string.";
        Rejection::bad_request("bad_request", message)
    })?;
    let token = Token::read(&jwt, Algorithm::HS256)?;
    check_key(zendesk, &token)?;
    let claims = token.verify(&zendesk.config().messaging_secret.hmac_key()?)?;
    let now = zendesk.vendor_now();
    let user = EndUser::check(&claims, now)?;
    exchange.external_id = Some(user.external_id.clone());
    let expires_in = user.exp.map(|exp| exp - now);
    let user = zendesk.users().find_or_create(user, zendesk.now())?;
    Ok(json!({ "user": user, "expires_in": expires_in }))
}

/// The header must name the active key, and the type `JWT`.
fn check_key(zendesk: &Zendesk, token: &Token) -> Result<(), Rejection> {
    if token.header("typ").is_none() {
        return Err(Rejection::unauthorized(
            "malformed_token",
            "The header lacks typ.",
        ));
    }
    if token.header("kid") != Some(&zendesk.config().messaging_key_id) {
        return Err(Rejection::unauthorized(
            "unknown_key",
            "There is no key with this kid.",
        ));
    }
    if !zendesk.settings().messaging_key_active {
        return Err(Rejection::unauthorized(
            "inactive_key",
            "The key of this kid is not active.",
        ));
    }
    Ok(())
}

/// The same response to every fault of a token; the record has the details.
fn refused(rejection: &Rejection) -> Response {
    let (code, description) = match rejection.status {
        StatusCode::UNAUTHORIZED => ("invalid_auth", "Invalid JWT"),
        _ => (rejection.code, rejection.message.as_str()),
    };
    let body = Json(json!({ "code": code, "description": description }));
    (rejection.status, [(CACHE_CONTROL, "no-store")], body).into_response()
}
