//! `GET /knoon/chatbox.js`: the chat box that a customer's page embeds, put together from its parts.

use std::sync::LazyLock;

use axum::Router;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{HeaderName, HeaderValue};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde_json::Value;

use super::Knoon;

/// One function scope around the parts; each embedding script tag runs it once.
static SCRIPT: LazyLock<String> = LazyLock::new(|| {
    let styles = Value::from(include_str!("chatbox.css"));
    let parts = concat!(
        include_str!("credential.js"),
        include_str!("sign_in.js"),
        include_str!("elements.js"),
        include_str!("conversation.js"),
        include_str!("account.js"),
        include_str!("chatbox.js"),
    );
    format!("(() => {{\n\"use strict\";\nconst STYLES = {styles};\n{parts}}})();\n")
});

pub(super) fn router() -> Router<Knoon> {
    Router::new().route("/knoon/chatbox.js", get(serve))
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
