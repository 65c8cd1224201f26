//! Serves the files of the build: styles, scripts, wasm, vendors' SDKs.

use axum::{
    Router,
    http::{HeaderValue, header::CACHE_CONTROL},
};
use tower::ServiceBuilder;
use tower_http::{
    services::{ServeDir, ServeFile},
    set_header::SetResponseHeaderLayer,
};

use super::http::note_file;
use crate::config::HttpConfig;

/// The files of the build. Those below `/pkg` have a hash in their names and never change.
pub(super) fn routes<S: Clone + Send + Sync + 'static>(config: &HttpConfig) -> Router<S> {
    let file = |name: &str| {
        ServiceBuilder::new()
            .map_request(note_file)
            .layer(SetResponseHeaderLayer::overriding(
                CACHE_CONTROL,
                on_success(HeaderValue::from_static("public, max-age=3600")),
            ))
            .service(ServeFile::new(config.assets.join(name)))
    };
    Router::new()
        .merge(folder_routes(
            config,
            "pkg",
            "public, max-age=31536000, immutable",
        ))
        .route_service("/favicon.svg", file("favicon.svg"))
        .route_service("/showcase.js", file("showcase.js"))
        .route_service("/site.js", file("site.js"))
        .route_service("/viewer.js", file("viewer.js"))
}

/// The bundled SDKs of vendors.
pub(super) fn sdk_routes<S: Clone + Send + Sync + 'static>(config: &HttpConfig) -> Router<S> {
    folder_routes(config, "sdk", "no-cache")
}

/// A folder of built files, served from the build's compressed copies where there are any.
fn folder_routes<S: Clone + Send + Sync + 'static>(
    config: &HttpConfig,
    name: &str,
    cache: &'static str,
) -> Router<S> {
    let files = ServeDir::new(config.assets.join(name))
        .precompressed_br()
        .precompressed_gzip()
        .append_index_html_on_directories(false);
    let cache = SetResponseHeaderLayer::overriding(
        CACHE_CONTROL,
        on_success(HeaderValue::from_static(cache)),
    );
    let files = ServiceBuilder::new()
        .map_request(note_file)
        .layer(cache)
        .service(files);
    Router::new().nest_service(&format!("/{name}"), files)
}

/// The header value for successful responses only: a browser must not cache "not found" for a year.
fn on_success<B>(
    value: HeaderValue,
) -> impl Fn(&axum::http::Response<B>) -> Option<HeaderValue> + Clone {
    move |response| response.status().is_success().then(|| value.clone())
}
