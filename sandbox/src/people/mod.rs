//! The photos of the demo's users, as an image host would serve them.

use axum::Router;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::IntoResponse;
use axum::routing::get;

/// `/people/{name}.svg`.
pub(crate) fn router() -> Router {
    Router::new()
        .route(
            "/people/dana.svg",
            get(async || photo(include_str!("dana.svg"))),
        )
        .route(
            "/people/riva.svg",
            get(async || photo(include_str!("riva.svg"))),
        )
        .route(
            "/people/vera.svg",
            get(async || photo(include_str!("vera.svg"))),
        )
}

fn photo(svg: &'static str) -> impl IntoResponse {
    let headers = [
        (CONTENT_TYPE, "image/svg+xml"),
        (CACHE_CONTROL, "public, max-age=3600"),
    ];
    (headers, svg)
}
