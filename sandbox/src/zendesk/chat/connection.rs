//! `/zendesk/chat/session`: replaces the WebSocket over which the real Web SDK learns who its visitor is and
//! why a connection was closed.

use axum::Json;
use axum::extract::{Query, State};
use axum::http::header::CACHE_CONTROL;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};

use super::sessions::Session;
use crate::headers::bearer;
use crate::zendesk::{Call, Zendesk};

/// `GET`: the visitor of an `id_token`, or the reason why the connection is closed.
pub(super) async fn open(State(zendesk): State<Zendesk>, headers: HeaderMap) -> Response {
    let session = session(&zendesk, &headers);
    let mut exchange = zendesk.exchange(Call::ChatConnection);
    exchange.external_id = session.as_ref().map(|session| session.external_id.clone());
    let response = match connect(&zendesk, session) {
        Ok(body) => ([(CACHE_CONTROL, "no-store")], Json(body)).into_response(),
        Err(Closed(status, reason)) => {
            exchange.outcome = reason;
            let body = Json(json!({ "reason": reason }));
            (status, [(CACHE_CONTROL, "no-store")], body).into_response()
        }
    };
    zendesk.record(exchange);
    response
}

/// A status, and the reason that the Web SDK reports.
struct Closed(StatusCode, &'static str);

fn connect(zendesk: &Zendesk, session: Option<Session>) -> Result<Value, Closed> {
    const FAILED: Closed = Closed(StatusCode::UNAUTHORIZED, "authentication_failed");
    let now = zendesk.now();
    let session = session.filter(|session| session.expires_at > now);
    let session = session.ok_or(FAILED)?;
    if session.logged_out {
        return Err(Closed(StatusCode::UNAUTHORIZED, "logged_out"));
    }
    let directory = zendesk.directory();
    let visitor = directory.with_external_id(&session.external_id);
    let visitor = visitor.ok_or(FAILED)?;
    if visitor.banned {
        return Err(Closed(StatusCode::FORBIDDEN, "banned"));
    }
    Ok(json!({
        "visitor": { "display_name": visitor.name, "email": visitor.email },
        "account_status": "online",
        "expires_in": session.expires_at - now,
    }))
}

#[derive(Deserialize)]
pub(super) struct LogOut {
    #[serde(default)]
    everywhere: bool,
}

/// `DELETE`: `logout()`, or `logoutForAll()` with `?everywhere=true`. Idempotent.
pub(super) async fn log_out(
    State(zendesk): State<Zendesk>,
    Query(LogOut { everywhere }): Query<LogOut>,
    headers: HeaderMap,
) -> StatusCode {
    let mut exchange = zendesk.exchange(Call::ChatLogout);
    if let Some(session) = session(&zendesk, &headers) {
        zendesk.sessions().log_out(&session, everywhere);
        exchange.external_id = Some(session.external_id);
    }
    zendesk.record(exchange);
    StatusCode::NO_CONTENT
}

/// The session of the request's `id_token`.
fn session(zendesk: &Zendesk, headers: &HeaderMap) -> Option<Session> {
    zendesk.sessions().find(bearer(headers)?).cloned()
}
