//! Combines the services' routes, dispatches requests by `Host`, and adds the headers that all responses
//! share.

use std::sync::Arc;

use axum::extract::{DefaultBodyLimit, Request};
use axum::http::header::{HOST, X_CONTENT_TYPE_OPTIONS};
use axum::http::{HeaderMap, HeaderValue};
use axum::routing::get;
use axum::{Extension, Router};
use tower::ServiceExt;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::set_header::SetResponseHeaderLayer;

use crate::body::MAX_BODY;
use crate::pages::Navigation;
use crate::service::{Service, ServiceContext, Site};
use crate::{landing, pages, people};

/// Every route of the sandbox: a service's own site where `Host` names it, everything else under any host.
pub(crate) fn router(services: &[Box<dyn Service>], context: &ServiceContext) -> Router {
    let cards = services.iter().map(|service| service.card()).collect();
    let mut sandbox = Router::new()
        .route("/health", get(async || "ok"))
        .merge(pages::router())
        .merge(landing::router(cards, context))
        .merge(people::router())
        .fallback(pages::not_found);
    for service in services {
        sandbox = sandbox.merge(service.router());
    }
    let navigation: Navigation = services.iter().map(|service| service.section()).collect();
    let sandbox = sandbox.layer(Extension(navigation));
    let sites: Arc<[Site]> = services
        .iter()
        .filter_map(|service| service.site())
        .collect();
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
