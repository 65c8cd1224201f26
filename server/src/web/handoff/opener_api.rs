//! The endpoints that `latchkey.js` calls from the opener's pages: redeem a code, renew a credential.
//!
//! They are the only endpoints to which scripts of other origins may post. The response to a request is
//! readable for the exact origins of its chat box (CORS). Requests are plain forms, so there is no preflight.
//!
//! - `POST /api/handoff/redeem` takes `chatBoxId`, `code` and `verifier`, and uses no session.
//! - `POST /api/handoff/renew` takes `chatBoxId` and needs a session, whose cookie browsers only send from
//!   pages of the same site.
//!
//! Success is `{"status":"ok","data":…}`, as from the vendor's credential endpoint; errors are [`Failure`]s.

use std::sync::Arc;

use axum::{
    Json, Router,
    extract::State,
    http::{
        HeaderMap, HeaderValue,
        header::{ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_ORIGIN, ORIGIN, VARY},
    },
    response::{IntoResponse, Response},
    routing::post,
};
use serde::Deserialize;
use serde_json::json;

use crate::{
    accounts::Accounts,
    clock::{Clock, Timestamp},
    handoff::{ChatBox, Credential, Failure, Handoffs, Redemption},
    limits::{Key, LimitError, Limiter, LimitsConfig},
    vendors::Vendors,
    web::{
        AppState, Visitor,
        http::{ClientAddress, HttpError, ReadForm},
    },
};

const REDEEM: &str = "/api/handoff/redeem";
const RENEW: &str = "/api/handoff/renew";

/// `POST /api/handoff/redeem`, `POST /api/handoff/renew`.
pub fn opener_routes() -> Router<AppState> {
    Router::new()
        .route(REDEEM, post(redeem))
        .route(RENEW, post(renew))
}

/// Whether pages of other origins may post to this path. The handlers check the origin themselves.
pub fn is_opener_path(path: &str) -> bool {
    [REDEEM, RENEW].contains(&path)
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RedeemForm {
    chat_box_id: String,
    code: String,
    verifier: String,
}

async fn redeem(
    State(limiter): State<Limiter>,
    State(limits): State<Arc<LimitsConfig>>,
    State(handoffs): State<Handoffs>,
    State(clock): State<Clock>,
    ClientAddress(client): ClientAddress,
    headers: HeaderMap,
    ReadForm(form): ReadForm<RedeemForm>,
) -> Result<Response, HttpError> {
    let counted = limiter.count(&[(&Key::codes(client), limits.codes)]).await;
    let chat_box = handoffs.chat_box(&form.chat_box_id).await?;
    let redeemed = match (counted, &chat_box, origin(&headers)) {
        (Err(LimitError::Storage(error)), ..) => return Err(error.into()),
        (Err(LimitError::RateLimited(rate_limited)), ..) => Err(Failure::RateLimited(rate_limited)),
        (Ok(()), Some(chat_box), Some(origin)) => {
            let redemption = Redemption {
                code: &form.code,
                verifier: &form.verifier,
                origin,
            };
            let credential = handoffs.redeem_code(chat_box, redemption, clock.now());
            credential.await?.ok_or(Failure::Rejected)
        }
        (Ok(()), ..) => Err(Failure::Rejected),
    };
    let mut response = respond(redeemed, clock.now());
    if let Some(chat_box) = chat_box {
        allow(&chat_box, &headers, response.headers_mut());
    }
    Ok(response)
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RenewForm {
    chat_box_id: String,
}

async fn renew(
    State(accounts): State<Accounts>,
    State(handoffs): State<Handoffs>,
    State(vendors): State<Vendors>,
    State(clock): State<Clock>,
    Visitor(visitor): Visitor,
    headers: HeaderMap,
    ReadForm(form): ReadForm<RenewForm>,
) -> Result<Response, HttpError> {
    let chat_box = handoffs.chat_box(&form.chat_box_id).await?;
    let allowed =
        chat_box.filter(|chat_box| origin(&headers).is_some_and(|origin| chat_box.allows(origin)));
    let Some(chat_box) = allowed else {
        return Ok(Failure::Forbidden.into_response());
    };
    let renewed = match visitor {
        None => Err(Failure::SignedOut),
        Some(visitor) if !visitor.session.handoff_ever_allowed(&chat_box.id).await? => {
            Err(Failure::Forbidden)
        }
        Some(visitor) => {
            let credential = vendors.handoff_credential(visitor.user.clone(), &chat_box);
            let credential = credential.await;
            match visitor.is_still_signed_in(&accounts).await? {
                true => credential,
                false => Err(Failure::SignedOut),
            }
        }
    };
    let mut response = respond(renewed, clock.now());
    allow(&chat_box, &headers, response.headers_mut());
    response.headers_mut().insert(
        ACCESS_CONTROL_ALLOW_CREDENTIALS,
        HeaderValue::from_static("true"),
    );
    Ok(response)
}

fn respond(result: Result<Credential, Failure>, now: Timestamp) -> Response {
    match result {
        Ok(credential) => {
            let data = credential.for_page(now);
            Json(json!({ "status": "ok", "data": data })).into_response()
        }
        Err(failure) => failure.into_response(),
    }
}

/// The request's `Origin`; the same-origin check has rejected requests with more than one.
fn origin(headers: &HeaderMap) -> Option<&str> {
    headers.get(ORIGIN)?.to_str().ok()
}

/// Lets the page read the response, if the chat box allows its origin.
fn allow(chat_box: &ChatBox, request: &HeaderMap, response: &mut HeaderMap) {
    response.insert(VARY, HeaderValue::from_static("Origin"));
    let named = request.get(ORIGIN);
    let allowed = named.filter(|_| origin(request).is_some_and(|origin| chat_box.allows(origin)));
    if let Some(origin) = allowed {
        response.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
    }
}
