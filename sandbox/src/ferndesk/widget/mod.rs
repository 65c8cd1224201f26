//! `GET /ferndesk/sdk.js`: the script behind the vendor's loader, put together from its parts.

use std::sync::LazyLock;

use axum::Router;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{HeaderName, HeaderValue};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde_json::Value;

use super::Ferndesk;

/// One function scope around the parts.
static SCRIPT: LazyLock<String> = LazyLock::new(|| {
    let styles = Value::from(include_str!("sdk.css"));
    let parts = concat!(
        include_str!("elements.js"),
        include_str!("api.js"),
        include_str!("contact.js"),
        include_str!("views.js"),
        include_str!("panel.js"),
        include_str!("sdk.js"),
    );
    format!("(() => {{\n\"use strict\";\nconst STYLES = {styles};\n{parts}}})();\n")
});

pub(super) fn router() -> Router<Ferndesk> {
    Router::new().route("/ferndesk/sdk.js", get(serve))
}

async fn serve() -> Response {
    let headers = [
        (CONTENT_TYPE, "text/javascript; charset=utf-8"),
        (CACHE_CONTROL, "no-cache"),
    ];
    let mut response = (headers, SCRIPT.as_str()).into_response();
    // Embedding pages may demand that every resource agrees to be embedded.
    response.headers_mut().insert(
        HeaderName::from_static("cross-origin-resource-policy"),
        HeaderValue::from_static("cross-origin"),
    );
    response
}
