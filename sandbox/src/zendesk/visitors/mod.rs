//! The Visitors API at both of its paths: `/api/v2/visitors` of the old host name and
//! `/api/v2/chat/visitors` of the account's. For hosts' servers only.

mod body;
pub(super) mod directory;
mod token;

use axum::extract::{Path, Request, State};
use axum::http::header::{CACHE_CONTROL, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Value, json};

use self::directory::Visitor;
use super::exchanges::{Call, Exchange};
use super::failures;
use super::rejection::Rejection;
use super::state::Zendesk;
use body::VisitorChange;
use token::Operation;

pub(super) fn router() -> Router<Zendesk> {
    let mut router = Router::new();
    for collection in ["/zendesk/api/v2/visitors", "/zendesk/api/v2/chat/visitors"] {
        router = router
            .route(collection, post(create))
            .route(&format!("{collection}/{{id}}"), get(show).put(update));
    }
    router.method_not_allowed_fallback(method_not_allowed)
}

async fn show(
    State(zendesk): State<Zendesk>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Response {
    respond(
        &zendesk,
        Call::VisitorShow,
        StatusCode::OK,
        async |zendesk| {
            token::check(zendesk, &headers, Operation::Read)?;
            zendesk.directory().find(&id).cloned().ok_or_else(not_found)
        },
    )
    .await
}

async fn create(State(zendesk): State<Zendesk>, request: Request) -> Response {
    let call = Call::VisitorCreate;
    respond(&zendesk, call, StatusCode::CREATED, async |zendesk| {
        token::check(zendesk, request.headers(), Operation::Write)?;
        let change = VisitorChange::read(request).await?;
        zendesk.directory().create(change, zendesk.now())
    })
    .await
}

async fn update(
    State(zendesk): State<Zendesk>,
    Path(id): Path<String>,
    request: Request,
) -> Response {
    respond(
        &zendesk,
        Call::VisitorUpdate,
        StatusCode::OK,
        async |zendesk| {
            token::check(zendesk, request.headers(), Operation::Write)?;
            let change = VisitorChange::read(request).await?;
            let mut directory = zendesk.directory();
            let visitor = directory.find_mut(&id).ok_or_else(not_found)?;
            visitor.apply(change);
            Ok(visitor.clone())
        },
    )
    .await
}

async fn respond(
    zendesk: &Zendesk,
    call: Call,
    success: StatusCode,
    act: impl AsyncFnOnce(&Zendesk) -> Result<Visitor, Rejection>,
) -> Response {
    let settings = zendesk.settings();
    let mut exchange = zendesk.exchange(call);
    let outcome = match failures::before_reading(zendesk, settings.visitors_failure).await {
        Ok(()) => act(zendesk).await,
        Err(rejection) => Err(rejection),
    };
    let response = match outcome {
        Ok(visitor) => {
            describe(&mut exchange, &visitor);
            let body = visitor.to_json(settings);
            (
                success,
                failures::send(settings.visitors_failure, &body, &mut exchange),
            )
                .into_response()
        }
        Err(rejection) => {
            exchange.refused(&rejection);
            refused(&rejection)
        }
    };
    zendesk.record(exchange);
    response
}

fn describe(exchange: &mut Exchange, visitor: &Visitor) {
    exchange.visitor_id = Some(visitor.id.clone());
    exchange.external_id.clone_from(&visitor.external_id);
}

fn refused(rejection: &Rejection) -> Response {
    let body = Json(error(rejection.code, &rejection.message));
    let mut response = (rejection.status, [(CACHE_CONTROL, "no-store")], body).into_response();
    if rejection.status == StatusCode::UNAUTHORIZED {
        let headers = response.headers_mut();
        headers.insert(WWW_AUTHENTICATE, token::CHALLENGE);
    }
    response
}

fn error(code: &str, description: &str) -> Value {
    json!({ "error": code, "description": description })
}

fn not_found() -> Rejection {
    let message = "There is no visitor with this id.";
    Rejection::new(StatusCode::NOT_FOUND, "Not Found", message)
}

async fn method_not_allowed() -> (StatusCode, Json<Value>) {
    let description = "The method is not allowed for the requested URL.";
    let body = Json(error("Method Not Allowed", description));
    (StatusCode::METHOD_NOT_ALLOWED, body)
}
