//! What `latchkey.js` asks the login for from the opener's pages: the credential behind a code, and a fresh one in time.
//!
//! These are the only endpoints that pages of other origins may call. Each answers to the exact origins of one chat box,
//! by CORS without preflight: the requests are plain forms. `POST /api/handoff/redeem` takes `chatBoxId`, `code` and
//! `verifier` and knows no session; `POST /api/handoff/renew` takes `chatBoxId` and wants the session, whose cookie
//! browsers send from pages of the same site only. Success is `{"status":"ok","data":…}`, as the vendor's endpoint has it.

use app::model::HandoffFailure;
use axum::{
    Json, Router,
    extract::State,
    http::{
        HeaderMap, HeaderValue, StatusCode,
        header::{
            ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_ORIGIN, ORIGIN, RETRY_AFTER,
            VARY,
        },
    },
    response::{IntoResponse, Response},
    routing::post,
};
use serde::Deserialize;
use serde_json::json;

use super::{ChatBox, Credential, Handoffs, code::Redemption};
use crate::{
    accounts::{Accounts, Visitor},
    clock::Clock,
    http::{ClientAddress, HttpError, ReadForm},
    limits::{Exhausted, Key, LimitError},
    state::AppState,
    vendors::Vendors,
};

const REDEEM: &str = "/api/handoff/redeem";
const RENEW: &str = "/api/handoff/renew";

/// `POST /api/handoff/redeem`, `POST /api/handoff/renew`.
pub fn opener_routes() -> Router<AppState> {
    Router::new()
        .route(REDEEM, post(redeem))
        .route(RENEW, post(renew))
}

/// Whether pages of other origins may post here; the handlers compare the origin themselves.
pub fn is_opener_path(path: &str) -> bool {
    [REDEEM, RENEW].contains(&path)
}

/// Why an opener's page gets nothing. What is wrong with a code is not told.
enum Refusal {
    BadRequest,
    Forbidden,
    Exhausted(Exhausted),
    Failed(HandoffFailure),
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RedeemForm {
    chat_box_id: String,
    code: String,
    verifier: String,
}

async fn redeem(
    State(accounts): State<Accounts>,
    State(handoffs): State<Handoffs>,
    State(clock): State<Clock>,
    ClientAddress(client): ClientAddress,
    headers: HeaderMap,
    ReadForm(form): ReadForm<RedeemForm>,
) -> Result<Response, HttpError> {
    let key = Key::codes(client);
    match accounts
        .limiter
        .count(&[(&key, accounts.limits.oauth)])
        .await
    {
        Ok(()) => {}
        Err(LimitError::Exhausted(exhausted)) => {
            return Ok(Refusal::Exhausted(exhausted).into_response());
        }
        Err(LimitError::Storage(error)) => return Err(error.into()),
    }
    let chat_box = handoffs.chat_box(&form.chat_box_id).await?;
    let (Some(chat_box), Some(origin)) = (chat_box, origin(&headers)) else {
        return Ok(Refusal::BadRequest.into_response());
    };
    let redemption = Redemption {
        code: &form.code,
        verifier: &form.verifier,
        origin,
    };
    let credential = handoffs
        .redeem_code(&chat_box, redemption, clock.now())
        .await?;
    let mut response = answer(credential.ok_or(Refusal::BadRequest));
    allow(&chat_box, &headers, response.headers_mut());
    Ok(response)
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RenewForm {
    chat_box_id: String,
}

async fn renew(
    State(handoffs): State<Handoffs>,
    State(vendors): State<Vendors>,
    Visitor(visitor): Visitor,
    headers: HeaderMap,
    ReadForm(form): ReadForm<RenewForm>,
) -> Result<Response, HttpError> {
    let chat_box = handoffs.chat_box(&form.chat_box_id).await?;
    let allowed =
        chat_box.filter(|chat_box| origin(&headers).is_some_and(|origin| chat_box.allows(origin)));
    let Some(chat_box) = allowed else {
        return Ok(Refusal::Forbidden.into_response());
    };
    let renewed = match visitor {
        None => Err(Refusal::Failed(HandoffFailure::SignedOut)),
        Some(visitor) if !visitor.session.handoff_known(&chat_box.id).await? => {
            Err(Refusal::Forbidden)
        }
        Some(visitor) => vendors
            .handoff_credential(visitor.user, &chat_box.id, &handoffs)
            .await
            .map_err(Refusal::Failed),
    };
    let mut response = answer(renewed);
    allow(&chat_box, &headers, response.headers_mut());
    response.headers_mut().insert(
        ACCESS_CONTROL_ALLOW_CREDENTIALS,
        HeaderValue::from_static("true"),
    );
    Ok(response)
}

fn answer(result: Result<Credential, Refusal>) -> Response {
    match result {
        Ok(credential) => Json(json!({ "status": "ok", "data": credential })).into_response(),
        Err(refusal) => refusal.into_response(),
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let (status, word) = match self {
            Self::BadRequest => (StatusCode::BAD_REQUEST, "bad_request"),
            Self::Forbidden => (StatusCode::FORBIDDEN, "forbidden"),
            Self::Exhausted(_) => (StatusCode::TOO_MANY_REQUESTS, "rate_limited"),
            Self::Failed(failure) => (status_of(failure), word_of(failure)),
        };
        let mut response = (status, Json(json!({ "status": word }))).into_response();
        if let Self::Exhausted(exhausted) = self {
            let wait = HeaderValue::from(exhausted.retry_after_seconds());
            response.headers_mut().insert(RETRY_AFTER, wait);
        }
        response
    }
}

/// The status of a failed hand-off, the same as at the vendor's endpoint.
pub(super) fn status_of(failure: HandoffFailure) -> StatusCode {
    match failure {
        HandoffFailure::Refused => StatusCode::BAD_REQUEST,
        HandoffFailure::SignedOut => StatusCode::UNAUTHORIZED,
        HandoffFailure::Forbidden => StatusCode::FORBIDDEN,
        HandoffFailure::Limited => StatusCode::TOO_MANY_REQUESTS,
        HandoffFailure::Unavailable | HandoffFailure::Network => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

fn word_of(failure: HandoffFailure) -> &'static str {
    match failure {
        HandoffFailure::Refused => "bad_request",
        HandoffFailure::SignedOut => "unauthenticated",
        HandoffFailure::Forbidden => "forbidden",
        HandoffFailure::Limited => "rate_limited",
        HandoffFailure::Unavailable | HandoffFailure::Network => "server_error",
    }
}

/// The origin that the browser names; the origin check lets exactly one pass.
fn origin(headers: &HeaderMap) -> Option<&str> {
    headers.get(ORIGIN)?.to_str().ok()
}

/// Lets the page read the answer, if it is one of the chat box's.
fn allow(chat_box: &ChatBox, request: &HeaderMap, response: &mut HeaderMap) {
    response.insert(VARY, HeaderValue::from_static("Origin"));
    let named = request.get(ORIGIN);
    let allowed = named.filter(|_| origin(request).is_some_and(|origin| chat_box.allows(origin)));
    if let Some(origin) = allowed {
        response.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
    }
}
