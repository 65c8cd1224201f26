//! `POST /zendesk/authenticated/web/jwt`: Chat's Web SDK exchanges the host's token for an `id_token`.

pub(super) mod claims;
mod connection;
mod form;
pub(super) mod sessions;

use axum::extract::{Request, State};
use axum::http::Method;
use axum::http::header::{AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router, body};
use jsonwebtoken::Algorithm;
use serde_json::{Value, json};
use tower_http::cors::{Any, CorsLayer};

use self::claims::Identity;
use super::exchanges::{Call, Exchange};
use super::failures;
use super::rejection::{Rejection, check_content_type};
use super::state::Zendesk;
use crate::body::MAX_BODY;
use crate::jwt::Token;
use form::Form;

pub(super) fn router() -> Router<Zendesk> {
    // Any page may embed the widget, and no request carries cookies, so a wildcard is safe.
    let widgets = CorsLayer::new()
        .allow_origin(Any)
        .allow_methods([Method::GET, Method::POST, Method::DELETE])
        .allow_headers([AUTHORIZATION, CONTENT_TYPE]);
    Router::new()
        .route("/zendesk/authenticated/web/jwt", post(log_in))
        .route(
            "/zendesk/chat/session",
            get(connection::open).delete(connection::log_out),
        )
        .layer(widgets)
}

async fn log_in(State(zendesk): State<Zendesk>, request: Request) -> Response {
    let failure = zendesk.settings().chat_failure;
    let mut exchange = zendesk.exchange(Call::ChatLogin);
    let response = match issue(&zendesk, request, &mut exchange).await {
        Ok(response) => failures::send(failure, &response, &mut exchange),
        Err(rejection) => {
            exchange.refused(&rejection);
            refused(&rejection)
        }
    };
    zendesk.record(exchange);
    response
}

async fn issue(
    zendesk: &Zendesk,
    request: Request,
    exchange: &mut Exchange,
) -> Result<Value, Rejection> {
    let settings = zendesk.settings();
    failures::before_reading(zendesk, settings.chat_failure).await?;
    let (parts, body) = request.into_parts();
    check_content_type(&parts.headers, "application/x-www-form-urlencoded")?;
    let body = body::to_bytes(body, MAX_BODY).await;
    let form = Form::parse(&body.map_err(|_| Rejection::body_too_large())?)?;
    if form.state.is_some() {
        exchange.call = Call::ChatRenewal;
    }
    if form.account_key != zendesk.config().chat_account_key {
        let message = "There is no account with this account_key.";
        return Err(Rejection::bad_request("unknown_account_key", message));
    }
    let claims =
        Token::read(&form.token, Algorithm::HS256)?.verify(&zendesk.chat_secret().hmac_key()?)?;
    let identity = Identity::check(&claims, zendesk.vendor_now())?;
    exchange.external_id = Some(identity.external_id.clone());
    if let Some(state) = &form.state {
        zendesk
            .sessions()
            .check_state(state, &identity.external_id)?;
    }
    exchange.visitor_id = Some(
        zendesk
            .directory()
            .find_or_create(&identity, zendesk.now())?,
    );
    let lifetime = settings.id_token_lifetime_seconds;
    let expires_at = zendesk.now() + u64::from(lifetime);
    let session = zendesk
        .sessions()
        .start(form.state.as_deref(), &identity.external_id, expires_at)
        .map_err(|error| Rejection::internal(&error))?;
    Ok(json!({
        "id_token": session.id_token.reveal(),
        "expires_in": lifetime,
        "state": session.state.reveal(),
        "error": null,
        "success": true,
    }))
}

/// Zendesk documents only the status, and that there may be `details`.
fn refused(rejection: &Rejection) -> Response {
    let body = json!({ "error": rejection.code, "details": rejection.message, "success": false });
    (rejection.status, [(CACHE_CONTROL, "no-store")], Json(body)).into_response()
}
