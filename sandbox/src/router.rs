//! Puts the services' routes together and gives every answer the headers all of them share.

use axum::Router;
use axum::http::HeaderValue;
use axum::http::header::X_CONTENT_TYPE_OPTIONS;
use axum::routing::get;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::set_header::SetResponseHeaderLayer;

use crate::services::{Services, Surroundings};
use crate::{pages, people};

/// Every route of the sandbox.
pub(crate) fn router(services: &Services, surroundings: &Surroundings) -> Router {
    Router::new()
        .route("/health", get(async || "ok"))
        .merge(pages::router(services.cards(), surroundings))
        .merge(services.router())
        .merge(people::router())
        .fallback(pages::not_found)
        .layer(SetResponseHeaderLayer::if_not_present(
            X_CONTENT_TYPE_OPTIONS,
            HeaderValue::from_static("nosniff"),
        ))
        .layer(CatchPanicLayer::new())
}
