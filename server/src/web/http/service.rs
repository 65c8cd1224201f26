//! What happens to every request, whatever it is for. Plain code and not a stack of layers: each of those costs
//! something again whenever a request waits for the database.
//!
//! Of a request, method, path, status and time are logged. No query, no header, no body: secrets travel in all three.

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

use super::{headers, host::HostRouters};
use crate::{config::HttpConfig, http::keep_readable, random};

/// Tells support which line of the log belongs to a response.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The whole server: takes a request, and always has an answer.
#[derive(Clone)]
pub struct HttpService(Arc<Inner>);

struct Inner {
    routers: HostRouters,
    request_time: Duration,
    /// Whether the deployment is reached over TLS, and so may demand it.
    tls: bool,
}

impl HttpService {
    pub fn new(routers: HostRouters, config: &HttpConfig) -> Self {
        Self(Arc::new(Inner {
            routers,
            request_time: config.connections.request_time,
            tls: config.login_origin.is_https(),
        }))
    }

    /// Answers with the security headers: 503 if it takes too long, 500 if a handler panics.
    pub async fn answer(&self, mut request: Request<Body>) -> Response {
        keep_readable(request.headers_mut());
        let id = random::uid();
        // `?` escapes whatever could break out of the line.
        let span = tracing::info_span!("request", %id, method = %request.method(), path = ?request.uri().path());
        let mut response = self.logged(request).instrument(span).await;
        if let Ok(id) = HeaderValue::try_from(id) {
            response.headers_mut().insert(REQUEST_ID, id);
        }
        response
    }

    async fn logged(&self, request: Request<Body>) -> Response {
        let began = Instant::now();
        let answer = timeout(self.0.request_time, self.0.routers.dispatch(request));
        let mut response = match AssertUnwindSafe(answer).catch_unwind().await {
            Ok(Ok(response)) => response,
            Ok(Err(_)) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
            Err(_) => {
                tracing::error!("a handler panicked; its message is above");
                StatusCode::INTERNAL_SERVER_ERROR.into_response()
            }
        };
        headers::set_defaults(response.headers_mut(), self.0.tls);
        let ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
        let status = response.status();
        if status.is_server_error() {
            tracing::warn!(status = status.as_u16(), ms, "answered");
        } else {
            tracing::debug!(status = status.as_u16(), ms, "answered");
        }
        response
    }
}

#[cfg(test)]
mod tests;
