//! The Login API, below `/xsolla/api` as it is below `https://login.xsolla.com/api`.

mod keys;
mod login;
mod oauth2;
mod rejection;
mod validate;

use axum::Router;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderName, Method};
use axum::routing::{get, post};
use tower_http::cors::{AllowOrigin, CorsLayer};

use super::state::Xsolla;

pub(super) fn router() -> Router<Xsolla> {
    // The vendor's SDK sends requests with credentials, which CORS does not allow with a wildcard. No handler
    // reads a cookie.
    let browsers = CorsLayer::new()
        .allow_origin(AllowOrigin::mirror_request())
        .allow_credentials(true)
        .allow_methods([Method::POST])
        .allow_headers([CONTENT_TYPE, HeaderName::from_static("x-request-id")]);
    Router::new()
        .route("/xsolla/api/login", post(login::for_token))
        .route("/xsolla/api/oauth2/login", post(login::for_code))
        .layer(browsers)
        .route("/xsolla/api/oauth2/token", post(oauth2::token))
        .route("/xsolla/api/token/validate", post(validate::validate))
        .route(
            "/xsolla/api/projects/{id}/keys",
            get(keys::list).post(keys::rotate),
        )
}
