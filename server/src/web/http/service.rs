//! What happens to every request: host routing, time limit, security headers, log. It is plain code and not a
//! stack of tower layers, since every layer is polled again whenever a request waits for the database.
//!
//! The log has a line for each request: its ID, method, route, status and duration. It never has the path, query,
//! headers or body, since all four can contain secrets or what users have typed.

use std::{
    panic::AssertUnwindSafe,
    sync::Arc,
    time::{Duration, Instant},
};

use axum::{
    body::Body,
    http::{HeaderValue, Method, Request, StatusCode},
    response::{IntoResponse, Response},
};
use futures_util::FutureExt;
use tokio::time::timeout;
use tracing::Instrument;

use super::{
    TrustedProxies, headers,
    host::HostRouters,
    progress::{Progress, Route},
    request_id::REQUEST_ID,
    request_metrics,
};
use crate::{
    audit::within_request,
    config::HttpConfig,
    http::{keep_readable, make_plain, prefix_names, set_retry_after},
};

/// When a client should come back after a request took too long.
const RETRY_SECONDS: u64 = 2;

/// The whole server as a function from a request to a response. Cheap to clone.
#[derive(Clone)]
pub struct HttpService(Arc<Inner>);

struct Inner {
    routers: HostRouters,
    /// Whose request IDs and client addresses are used.
    proxies: TrustedProxies,
    request_timeout: Duration,
    /// Whether clients reach the login over TLS, so that `Strict-Transport-Security` can be set and cookies can
    /// be `Secure`.
    tls: bool,
}

impl HttpService {
    pub fn new(routers: HostRouters, config: &HttpConfig, proxies: TrustedProxies) -> Self {
        Self(Arc::new(Inner {
            routers,
            proxies,
            request_timeout: config.connections.request_timeout,
            tls: config.login_origin.is_https(),
        }))
    }

    /// Responds with the security headers set: 408 if the body does not come in time, 503 if something else takes
    /// too long, 500 if a handler panics.
    pub async fn respond(&self, mut request: Request<Body>) -> Response {
        if !self.0.tls {
            prefix_names(request.headers_mut());
        }
        keep_readable(request.headers_mut());
        let progress = Progress::of(&request, &self.0.proxies);
        let span = tracing::info_span!(
            "request",
            id = progress.id(),
            method = method(request.method())
        );
        let responding = within_request(progress.requester(), self.logged(request, &progress));
        let mut response = responding.instrument(span).await;
        if let Ok(id) = HeaderValue::try_from(progress.id()) {
            response.headers_mut().insert(REQUEST_ID, id);
        }
        response
    }

    async fn logged(&self, request: Request<Body>, progress: &Progress) -> Response {
        let began = Instant::now();
        let mut request = request.map(|sent| progress.watch(sent));
        request.extensions_mut().insert(progress.clone());
        let responding = timeout(self.0.request_timeout, self.0.routers.dispatch(request));
        let mut response = match AssertUnwindSafe(responding).catch_unwind().await {
            Ok(Ok(response)) => response,
            Ok(Err(_)) if progress.awaits_body() => StatusCode::REQUEST_TIMEOUT.into_response(),
            Ok(Err(_)) => {
                let mut response = StatusCode::SERVICE_UNAVAILABLE.into_response();
                set_retry_after(response.headers_mut(), RETRY_SECONDS);
                response
            }
            Err(_) => {
                tracing::error!("a handler panicked; see the message above");
                StatusCode::INTERNAL_SERVER_ERROR.into_response()
            }
        };
        headers::set_defaults(response.headers_mut(), self.0.tls);
        if !self.0.tls {
            make_plain(response.headers_mut());
        }
        let took = began.elapsed();
        let route = progress.route();
        log(&route, response.status(), took);
        request_metrics::count(route, response.status(), took);
        response
    }
}

fn log(route: &Route, status: StatusCode, took: Duration) {
    let ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
    let (is_routine, route) = (route.is_routine(), route.as_str());
    let number = status.as_u16();
    if status.is_server_error() {
        tracing::warn!(route, status = number, ms, "request completed");
    } else if is_routine {
        tracing::debug!(route, status = number, ms, "request completed");
    } else {
        tracing::info!(route, status = number, ms, "request completed");
    }
}

/// The method as the log names it: that of a request may be any word.
fn method(method: &Method) -> &str {
    match method.as_str() {
        known @ ("GET" | "HEAD" | "POST" | "PUT" | "DELETE" | "OPTIONS" | "PATCH") => known,
        _ => "other",
    }
}

#[cfg(test)]
mod tests;
