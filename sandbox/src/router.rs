//! Puts the services' routes together, tells hosts apart, and gives every answer the headers all of
//! them share.

use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::http::header::{HOST, X_CONTENT_TYPE_OPTIONS};
use axum::http::{HeaderMap, HeaderValue};
use axum::routing::get;
use tower::ServiceExt;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::set_header::SetResponseHeaderLayer;

use crate::services::{Services, Site, Surroundings};
use crate::{pages, people};

/// In bytes. No honest body is longer.
pub(crate) const MAX_BODY: usize = 16 * 1024;

/// Every route of the sandbox: the services' own sites by `Host`, everything else under any name.
pub(crate) fn router(services: &Services, surroundings: &Surroundings) -> Router {
    let sandbox = Router::new()
        .route("/health", get(async || "ok"))
        .merge(pages::router(services.cards(), surroundings))
        .merge(services.router())
        .merge(people::router())
        .fallback(pages::not_found);
    let sites: Arc<[Site]> = services.sites().into();
    let by_host = move |request: Request| {
        let site = find(&sites, request.headers());
        let router = site.map_or_else(|| sandbox.clone(), |site| site.router.clone());
        router.oneshot(request)
    };
    Router::new()
        .fallback(by_host)
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .layer(SetResponseHeaderLayer::if_not_present(
            X_CONTENT_TYPE_OPTIONS,
            HeaderValue::from_static("nosniff"),
        ))
        .layer(CatchPanicLayer::new())
}

fn find<'a>(sites: &'a [Site], headers: &HeaderMap) -> Option<&'a Site> {
    let host = headers.get(HOST)?.to_str().ok()?;
    sites
        .iter()
        .find(|site| site.origin.authority().eq_ignore_ascii_case(host))
}
