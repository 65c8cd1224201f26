//! Knoon's public API: one endpoint for hosts' servers, two for widgets in browsers.

use std::time::Duration;

use axum::extract::{Path, Query, Request, State};
use axum::http::header::{AUTHORIZATION, CACHE_CONTROL};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router, body};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use tower_http::cors::{Any, CorsLayer};

use super::credentials::{self, Credential, CredentialsRequest, Rejected};
use super::exchanges::{Call, Exchange, Outcome};
use super::rejection::Rejection;
use super::session::{self, Session};
use super::settings::{Failure, Settings};
use super::signing::Claims;
use super::state::Knoon;
use super::{basic_auth, failures};
use crate::body::MAX_BODY;

pub(super) fn router() -> Router<Knoon> {
    // Any page may embed a widget, and no request carries cookies, so a wildcard is safe.
    let widgets = CorsLayer::new()
        .allow_origin(Any)
        .allow_methods([Method::GET])
        .allow_headers([AUTHORIZATION]);
    let for_widgets = Router::new()
        .route("/knoon/v1/session", get(read_session))
        .route("/knoon/v1/chat-boxes/{id}", get(read_chat_box))
        .layer(widgets);
    Router::new()
        .route("/knoon/v1/credentials/login", post(log_in))
        .merge(for_widgets)
}

async fn log_in(State(knoon): State<Knoon>, request: Request) -> Response {
    let settings = knoon.settings();
    if settings.failure == Failure::Slow {
        tokio::time::sleep(Duration::from_millis(settings.slow_milliseconds.into())).await;
    }
    let mut exchange = Exchange::at(knoon.clock().now(), Call::Credentials, Outcome::Issued);
    let response = match issue(&knoon, settings, request, &mut exchange).await {
        Ok(credential) => spoil_or_send(settings.failure, credential, &mut exchange),
        Err((outcome, rejection)) => {
            exchange.outcome = outcome;
            rejection.into_response()
        }
    };
    knoon.record(exchange);
    response
}

async fn issue(
    knoon: &Knoon,
    settings: Settings,
    request: Request,
    exchange: &mut Exchange,
) -> Result<Credential, Rejected> {
    let (parts, body) = request.into_parts();
    let body = body::to_bytes(body, MAX_BODY).await;
    let object = body
        .as_ref()
        .ok()
        .and_then(|body| credentials::parse_object(body).ok());
    describe(exchange, &object.unwrap_or_default());

    if let Some(rejection) = failures::instead_of_reading(settings.failure) {
        return Err((Outcome::ForcedFailure, rejection));
    }
    let org = basic_auth::check(&parts.headers, |org| knoon.api_key(org))
        .map_err(|outcome| (outcome, failures::invalid_credentials()))?;
    exchange.org = Some(org.clone());
    credentials::check_content_type(&parts.headers)?;
    let body = body.map_err(|_| body_too_large())?;
    let request = CredentialsRequest::parse(&credentials::parse_object(&body)?)?;
    request.chat_box(knoon.chat_boxes(), &org)?;
    sign(knoon, settings, request)
}

fn sign(
    knoon: &Knoon,
    settings: Settings,
    request: CredentialsRequest,
) -> Result<Credential, Rejected> {
    let now = knoon.clock().now();
    let exp = now + u64::from(settings.lifetime_seconds);
    let claims = Claims {
        sub: request.external_id,
        email: request.email,
        name: request.display_name,
        picture: request.photo_url,
        chat_box_id: request.chat_box_id.clone(),
        iat: now,
        exp,
    };
    let jwt = knoon.signer().sign(&claims).map_err(|error| {
        let message = format!("The credential could not be signed: {error}.");
        let status = StatusCode::INTERNAL_SERVER_ERROR;
        (
            Outcome::InternalError,
            Rejection::new(status, "internal_error", message),
        )
    })?;
    let expires_at = settings.expires_at.write(exp);
    Ok(Credential {
        jwt,
        expires_at,
        chat_box_id: request.chat_box_id,
    })
}

fn spoil_or_send(failure: Failure, credential: Credential, exchange: &mut Exchange) -> Response {
    if let Some(spoiled) = failures::instead_of_credential(failure) {
        exchange.outcome = Outcome::ForcedFailure;
        return spoiled;
    }
    (
        [(CACHE_CONTROL, "no-store")],
        Json(json!({ "data": credential })),
    )
        .into_response()
}

fn describe(exchange: &mut Exchange, body: &Map<String, Value>) {
    let text = |field| body.get(field).and_then(Value::as_str).map(str::to_owned);
    exchange.chat_box_id = text("chatBoxId");
    exchange.external_id = text("externalId");
    exchange.email = text("email");
}

fn body_too_large() -> Rejected {
    let message = format!("The body may have at most {MAX_BODY} bytes.");
    let rejection = Rejection::new(StatusCode::PAYLOAD_TOO_LARGE, "body_too_large", message);
    (Outcome::BodyTooLarge, rejection)
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SessionQuery {
    #[serde(default)]
    chat_box_id: String,
}

async fn read_session(
    State(knoon): State<Knoon>,
    Query(query): Query<SessionQuery>,
    headers: HeaderMap,
) -> Response {
    let now = knoon.clock().now();
    let mut exchange = Exchange::at(now, Call::Session, Outcome::Accepted);
    exchange.chat_box_id = Some(query.chat_box_id);
    let response = match session::check(knoon.signer(), &headers, now, &mut exchange) {
        Ok(claims) => {
            let session = Session::new(claims, knoon.settings().expires_at);
            ([(CACHE_CONTROL, "no-store")], Json(session)).into_response()
        }
        Err((outcome, rejection)) => {
            exchange.outcome = outcome;
            rejection.into_response()
        }
    };
    knoon.record(exchange);
    response
}

async fn read_chat_box(
    State(knoon): State<Knoon>,
    Path(id): Path<String>,
) -> Result<impl IntoResponse, Rejection> {
    let found = knoon
        .chat_boxes()
        .find(&id)
        .filter(|chat_box| chat_box.sign_in_enabled);
    let chat_box = found.ok_or_else(|| {
        let message = "There is no chat box with this id that people can sign in to.";
        Rejection::new(StatusCode::NOT_FOUND, "unknown_chat_box", message)
    })?;
    let sign_in_url = format!("{}/login?chatBoxId={}", knoon.login_origin(), chat_box.id);
    let body = json!({
        "id": chat_box.id,
        "name": chat_box.name,
        "signInUrl": sign_in_url,
        "blockSignOut": knoon.settings().block_sign_out,
    });
    Ok(([(CACHE_CONTROL, "no-store")], Json(body)))
}
