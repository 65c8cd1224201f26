//! What is logged of a request: method, path, status, time. No query, no header, no body: secrets travel in all three.

use std::time::Duration;

use axum::http::{Request, Response};
use tracing::Span;

/// The context of whatever is logged while a request is answered.
pub fn request_span<B>(request: &Request<B>) -> Span {
    // `?` escapes whatever could break out of the line.
    tracing::debug_span!("request", method = %request.method(), path = ?request.uri().path())
}

/// Logs a request when it has been answered.
pub fn log_response<B>(response: &Response<B>, latency: Duration, _: &Span) {
    let ms = u64::try_from(latency.as_millis()).unwrap_or(u64::MAX);
    tracing::debug!(status = response.status().as_u16(), ms, "answered");
}
