//! `POST /ferndesk/api/identify`: the widget sends the token that its page passed to `identify`.
//!
//! The body has `widgetId` and the arguments of `Ferndesk('identify', …)`. The response is
//! `{"email", "name", "expiresAt"}` (Unix seconds) or `{"error": text}`.

use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ORIGIN};
use axum::http::{HeaderMap, Method};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router, body};
use serde_json::{Map, Value, json};
use tower_http::cors::{Any, CorsLayer};

use super::analytics::IdentifiedSession;
use super::domain_rule;
use super::exchanges::{Exchange, Outcome};
use super::help_center::cookie;
use super::settings::{Failure, Settings};
use super::state::Ferndesk;
use super::token::{self, Identity};
use crate::body::MAX_BODY;

pub(super) fn router() -> Router<Ferndesk> {
    // The handler checks the domain rule, so that pages on other domains can read why they are refused.
    let any_page = CorsLayer::new()
        .allow_origin(Any)
        .allow_methods([Method::POST])
        .allow_headers([CONTENT_TYPE]);
    Router::new()
        .route("/ferndesk/api/identify", post(identify))
        .layer(any_page)
}

async fn identify(State(ferndesk): State<Ferndesk>, request: Request) -> Response {
    let settings = ferndesk.settings();
    if settings.failure == Failure::Slow {
        tokio::time::sleep(Duration::from_millis(settings.slow_milliseconds.into())).await;
    }
    let (parts, body) = request.into_parts();
    let body = body::to_bytes(body, MAX_BODY).await;
    let body = body.map_err(|_| Outcome::BodyTooLarge);
    let origin = origin(&parts.headers);
    let checked = body.and_then(|body| check(&ferndesk, settings, origin.as_deref(), &body));

    let now = ferndesk.clock().now();
    let mut exchange = Exchange::at(now, origin.clone(), Outcome::Identified);
    let response = match checked {
        Ok((token, identity)) => {
            exchange.user_id = Some(identity.user_id.clone());
            let origin = origin.as_deref().unwrap_or_default();
            ferndesk.record_session(IdentifiedSession::at(now, origin, &identity));
            accept(&ferndesk, origin, &token, &identity)
        }
        Err(outcome) => {
            exchange.outcome = outcome;
            refuse(settings.failure, outcome)
        }
    };
    ferndesk.record(exchange);
    response
}

/// The token, and the user it identifies.
fn check(
    ferndesk: &Ferndesk,
    settings: Settings,
    origin: Option<&str>,
    body: &[u8],
) -> Result<(String, Identity), Outcome> {
    if settings.failure == Failure::ServerError {
        return Err(Outcome::ForcedFailure);
    }
    let call: Map<String, Value> =
        serde_json::from_slice(body).map_err(|_| Outcome::MalformedJson)?;
    if call.get("widgetId").and_then(Value::as_str) != Some(ferndesk.widget_id()) {
        return Err(Outcome::UnknownWidget);
    }
    let given = settings
        .contract
        .generations()
        .iter()
        .find_map(|generation| {
            let token = call.get(generation.parameter)?.as_str()?;
            (!token.is_empty()).then_some((token, generation.id_claim))
        });
    let (token, id_claim) = given.ok_or(Outcome::MissingToken)?;
    if !origin.is_some_and(|page| domain_rule::allows(ferndesk.help_origin(), page)) {
        return Err(Outcome::WrongDomain);
    }
    let now = ferndesk.clock().now();
    let identity = token::check(token, ferndesk.secret(), id_claim, now)?;
    // Invalid requests get their own error even while valid ones get broken JSON.
    if settings.failure == Failure::Malformed {
        return Err(Outcome::ForcedFailure);
    }
    Ok((token.to_owned(), identity))
}

fn accept(ferndesk: &Ferndesk, origin: &str, token: &str, identity: &Identity) -> Response {
    let body = Json(json!({
        "email": identity.email,
        "name": identity.name,
        "expiresAt": identity.expires_at,
    }));
    let mut response = ([(CACHE_CONTROL, "no-store")], body).into_response();
    if origin == ferndesk.help_origin().as_str() {
        cookie::set(&mut response, token);
    }
    response
}

fn refuse(failure: Failure, outcome: Outcome) -> Response {
    if failure == Failure::Malformed && outcome == Outcome::ForcedFailure {
        return ([(CONTENT_TYPE, "application/json")], r#"{"email":"de"#).into_response();
    }
    outcome.into_response()
}

fn origin(headers: &HeaderMap) -> Option<String> {
    let origin = headers.get(ORIGIN)?.to_str().ok()?;
    Some(origin.to_owned())
}
