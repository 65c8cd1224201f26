//! What happens to every request: host routing, time limit, security headers, log. It is plain code and not a
//! stack of tower layers, since every layer is polled again whenever a request waits for the database.
//!
//! The log has method, path, status and duration of a request. It never has the query, headers or body, since
//! all three can contain secrets.

use std::{
    panic::AssertUnwindSafe,
    sync::Arc,
    time::{Duration, Instant},
};

use axum::{
    body::Body,
    http::{HeaderName, HeaderValue, Request, StatusCode},
    response::{IntoResponse, Response},
};
use futures_util::FutureExt;
use tokio::time::timeout;
use tracing::Instrument;

use super::{headers, host::HostRouters, request_body::Awaited};
use crate::{
    config::HttpConfig,
    http::{keep_readable, make_plain, prefix_names, set_retry_after},
    random,
};

/// Identifies the lines of the log that belong to a response.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// When a client should come back after a request took too long.
const RETRY_SECONDS: u64 = 2;

/// The whole server as a function from a request to a response. Cheap to clone.
#[derive(Clone)]
pub struct HttpService(Arc<Inner>);

struct Inner {
    routers: HostRouters,
    request_timeout: Duration,
    /// Whether clients reach the login over TLS, so that `Strict-Transport-Security` can be set and cookies can
    /// be `Secure`.
    tls: bool,
}

impl HttpService {
    pub fn new(routers: HostRouters, config: &HttpConfig) -> Self {
        Self(Arc::new(Inner {
            routers,
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
        let id = random::uid();
        // `?` (`Debug`) escapes control characters, so that a path cannot forge lines of the log.
        let span = tracing::info_span!("request", %id, method = %request.method(), path = ?request.uri().path());
        let mut response = self.logged(request).instrument(span).await;
        if let Ok(id) = HeaderValue::try_from(id) {
            response.headers_mut().insert(REQUEST_ID, id);
        }
        response
    }

    async fn logged(&self, request: Request<Body>) -> Response {
        let began = Instant::now();
        let body = Awaited::default();
        let request = request.map(|sent| body.watch(sent));
        let responding = timeout(self.0.request_timeout, self.0.routers.dispatch(request));
        let mut response = match AssertUnwindSafe(responding).catch_unwind().await {
            Ok(Ok(response)) => response,
            Ok(Err(_)) if body.is_awaited() => StatusCode::REQUEST_TIMEOUT.into_response(),
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
        let ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
        let status = response.status();
        if status.is_server_error() {
            tracing::warn!(status = status.as_u16(), ms, "request completed");
        } else {
            tracing::debug!(status = status.as_u16(), ms, "request completed");
        }
        response
    }
}

#[cfg(test)]
mod tests;
