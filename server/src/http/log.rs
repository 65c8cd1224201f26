//! One line for each request: method, path, status, time. No query, no header, no body: secrets travel in all three.

use axum::{extract::Request, middleware::Next, response::Response};
use std::time::Instant;

/// Logs a request when it has been answered.
pub async fn request_log(request: Request, next: Next) -> Response {
    if !tracing::enabled!(tracing::Level::DEBUG) {
        return next.run(request).await;
    }
    let began = Instant::now();
    let method = request.method().clone();
    // `{:?}` escapes whatever could break out of the line.
    let path = format!("{:?}", request.uri().path());
    let response = next.run(request).await;
    let status = response.status().as_u16();
    let ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
    tracing::debug!(%method, path, status, ms, "request");
    response
}
