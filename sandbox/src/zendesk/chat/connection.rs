//! `/zendesk/chat/session`: stands in for the web socket over which the real Web SDK learns who its visitor
//! is and why a connection was closed.

use axum::Json;
use axum::extract::{Query, State};
use axum::http::header::{AUTHORIZATION, CACHE_CONTROL};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::json;

use crate::zendesk::Zendesk;

/// `GET`: the visitor behind an `id_token`, or the reason why the connection is closed.
pub(super) async fn open(State(zendesk): State<Zendesk>, headers: HeaderMap) -> Response {
    let session = bearer(&headers).and_then(|id_token| zendesk.sessions().find(id_token).cloned());
    let now = zendesk.now();
    let Some(session) = session.filter(|session| session.expires_at > now) else {
        return closed(StatusCode::UNAUTHORIZED, "authentication_failed");
    };
    if session.logged_out {
        return closed(StatusCode::UNAUTHORIZED, "logged_out");
    }
    let directory = zendesk.directory();
    match directory.with_external_id(&session.external_id) {
        None => closed(StatusCode::UNAUTHORIZED, "authentication_failed"),
        Some(visitor) if visitor.banned => closed(StatusCode::FORBIDDEN, "banned"),
        Some(visitor) => {
            let visitor = json!({ "display_name": visitor.name, "email": visitor.email });
            let body = json!({
                "visitor": visitor,
                "account_status": "online",
                "expires_in": session.expires_at - now,
            });
            ([(CACHE_CONTROL, "no-store")], Json(body)).into_response()
        }
    }
}

#[derive(Deserialize)]
pub(super) struct LogOut {
    #[serde(default)]
    everywhere: bool,
}

/// `DELETE`: `logout()`, or `logoutForAll()` with `?everywhere=true`. Saying it twice changes nothing.
pub(super) async fn log_out(
    State(zendesk): State<Zendesk>,
    Query(LogOut { everywhere }): Query<LogOut>,
    headers: HeaderMap,
) -> StatusCode {
    if let Some(id_token) = bearer(&headers) {
        zendesk.sessions().log_out(id_token, everywhere);
    }
    StatusCode::NO_CONTENT
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let header = headers.get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = header.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token)
}

fn closed(status: StatusCode, reason: &str) -> Response {
    let body = Json(json!({ "reason": reason }));
    (status, [(CACHE_CONTROL, "no-store")], body).into_response()
}
