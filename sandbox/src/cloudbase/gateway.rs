//! The gateway's endpoints below `/auth/v1`, as `@cloudbase/js-sdk` 3.7 calls them.

use axum::Router;
use axum::body;
use axum::extract::{FromRequest, FromRequestParts, Query, Request, State};
use axum::http::header::{ACCEPT_LANGUAGE, AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method};
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tower_http::cors::{Any, CorsLayer};
use tower_http::set_header::SetResponseHeaderLayer;

use super::failures::watch;
use super::outcome::Outcome;
use super::response::ApiResponse;
use super::sessions::Tokens;
use super::state::CloudBase;
use super::users::User;
use crate::body::MAX_BODY;
use crate::headers::bearer;

pub(super) fn router(cloudbase: &CloudBase) -> Router<CloudBase> {
    // Any page may embed the SDK, and no request carries cookies, so a wildcard is safe.
    let pages = CorsLayer::new()
        .allow_origin(Any)
        .allow_methods([Method::GET, Method::POST])
        .allow_headers([
            ACCEPT_LANGUAGE,
            AUTHORIZATION,
            CONTENT_TYPE,
            HeaderName::from_static("x-device-id"),
            HeaderName::from_static("x-request-id"),
            HeaderName::from_static("x-sdk-version"),
        ]);
    let no_store = HeaderValue::from_static("no-store");
    Router::new()
        .route("/auth/v1/signin/custom", post(sign_in))
        .route("/auth/v1/token", post(refresh))
        .route("/auth/v1/user/me", get(me))
        .route("/auth/v1/revoke", post(revoke))
        .route("/auth/v1/user/signout", post(sign_out))
        .layer(from_fn_with_state(cloudbase.clone(), watch))
        .layer(SetResponseHeaderLayer::overriding(CACHE_CONTROL, no_store))
        .layer(pages)
}

#[derive(Deserialize)]
struct SignIn {
    provider_id: String,
    ticket: String,
}

async fn sign_in(
    State(cloudbase): State<CloudBase>,
    _: OwnClient,
    Body(request): Body<SignIn>,
) -> Result<ApiResponse, Outcome> {
    if request.provider_id != "custom" {
        return Err(Outcome::UnknownProvider);
    }
    cloudbase.sign_in(&request.ticket).map(tokens)
}

#[derive(Deserialize)]
struct Refresh {
    client_id: String,
    grant_type: String,
    refresh_token: String,
}

async fn refresh(
    State(cloudbase): State<CloudBase>,
    _: OwnClient,
    Body(request): Body<Refresh>,
) -> Result<ApiResponse, Outcome> {
    if request.client_id != cloudbase.env_id() {
        return Err(Outcome::UnknownClient);
    }
    if request.grant_type != "refresh_token" {
        return Err(Outcome::UnsupportedGrantType);
    }
    cloudbase.refresh(&request.refresh_token).map(tokens)
}

fn tokens(tokens: Tokens) -> ApiResponse {
    let body = json!({
        "token_type": "Bearer",
        "access_token": tokens.access_token.reveal(),
        "refresh_token": tokens.refresh_token.reveal(),
        "expires_in": tokens.access_token_seconds,
        "scope": "user",
        "sub": tokens.user.sub,
        "groups": [],
    });
    ApiResponse {
        body,
        user: Some(tokens.user),
    }
}

async fn me(
    State(cloudbase): State<CloudBase>,
    headers: HeaderMap,
) -> Result<ApiResponse, Outcome> {
    let token = bearer(&headers).ok_or(Outcome::InvalidAccessToken)?;
    cloudbase.user_of(token).map(|user| ApiResponse {
        body: profile(&user),
        user: Some(user),
    })
}

/// Shows the host's id as the name: a ticket carries neither name nor address.
fn profile(user: &User) -> Value {
    json!({
        "sub": user.sub,
        "groups": [],
        "providers": [{
            "id": "custom",
            "provider_user_id": user.custom_user_id,
            "name": user.custom_user_id,
        }],
        "created_from": "custom",
        "created_at": crate::clock::rfc3339(user.created_at / 1000),
    })
}

#[derive(Deserialize)]
struct Revoke {
    token: String,
}

/// Revoking an unknown token succeeds (RFC 7009, section 2.2).
async fn revoke(
    State(cloudbase): State<CloudBase>,
    _: OwnClient,
    Body(request): Body<Revoke>,
) -> ApiResponse {
    ApiResponse {
        body: json!({}),
        user: cloudbase.end(&request.token),
    }
}

async fn sign_out(
    State(cloudbase): State<CloudBase>,
    headers: HeaderMap,
) -> Result<ApiResponse, Outcome> {
    let ended = bearer(&headers).and_then(|token| cloudbase.end(token));
    let user = ended.ok_or(Outcome::InvalidAccessToken)?;
    Ok(ApiResponse {
        body: json!({}),
        user: Some(user),
    })
}

/// Proof that `client_id` in the query is the environment's.
struct OwnClient;

#[derive(Deserialize)]
struct ClientQuery {
    client_id: String,
}

impl FromRequestParts<CloudBase> for OwnClient {
    type Rejection = Outcome;

    async fn from_request_parts(parts: &mut Parts, cloudbase: &CloudBase) -> Result<Self, Outcome> {
        match Query::<ClientQuery>::try_from_uri(&parts.uri) {
            Ok(Query(query)) if query.client_id == cloudbase.env_id() => Ok(Self),
            _ => Err(Outcome::UnknownClient),
        }
    }
}

/// A JSON body of any `Content-Type`: the SDK sends `text/plain`.
struct Body<T>(T);

impl<T: DeserializeOwned> FromRequest<CloudBase> for Body<T> {
    type Rejection = Outcome;

    async fn from_request(request: Request, _: &CloudBase) -> Result<Self, Outcome> {
        let bytes = body::to_bytes(request.into_body(), MAX_BODY).await;
        let bytes = bytes.map_err(|_| Outcome::BodyTooLarge)?;
        serde_json::from_slice(&bytes)
            .map(Self)
            .map_err(|_| Outcome::MalformedBody)
    }
}
