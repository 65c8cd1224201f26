//! `GET /zendesk/web-sdk.js` and `GET /zendesk/messaging.js`: what customers' pages embed, put together from
//! their parts.

use std::sync::LazyLock;

use axum::Router;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{HeaderName, HeaderValue};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde_json::Value;

use super::Zendesk;

/// What both scripts begin with.
const SHARED: &str = concat!(
    include_str!("elements.js"),
    include_str!("conversation.js"),
    include_str!("panel.js"),
);

/// Defines `zChat`.
static WEB_SDK: LazyLock<String> = LazyLock::new(|| {
    script(concat!(
        include_str!("device.js"),
        include_str!("identity.js"),
        include_str!("zchat.js"),
        include_str!("chat.js"),
    ))
});

/// Defines `zE`.
static MESSAGING: LazyLock<String> = LazyLock::new(|| script(include_str!("messenger.js")));

/// One function scope around the parts.
fn script(parts: &str) -> String {
    let styles = Value::from(include_str!("widget.css"));
    format!("(() => {{\n\"use strict\";\nconst STYLES = {styles};\n{SHARED}{parts}}})();\n")
}

pub(super) fn router() -> Router<Zendesk> {
    Router::new()
        .route("/zendesk/web-sdk.js", get(async || serve(&WEB_SDK)))
        .route("/zendesk/messaging.js", get(async || serve(&MESSAGING)))
}

fn serve(script: &'static str) -> Response {
    let headers = [
        (CONTENT_TYPE, "text/javascript; charset=utf-8"),
        (CACHE_CONTROL, "no-cache"),
    ];
    let mut response = (headers, script).into_response();
    // Embedding pages may demand that every resource agrees to be embedded.
    response.headers_mut().insert(
        HeaderName::from_static("cross-origin-resource-policy"),
        HeaderValue::from_static("cross-origin"),
    );
    response
}
