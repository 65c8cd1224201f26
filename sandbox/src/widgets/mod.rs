//! The scripts that customers' pages embed, each assembled from its parts.

use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{HeaderName, HeaderValue};
use axum::response::{IntoResponse, Response};
use serde_json::Value;

/// The element helpers that all scripts share.
const ELEMENTS: &str = include_str!("elements.js");

/// Wraps the parts in one function scope, in which `STYLES` is the style sheet.
pub(crate) fn script(style_sheet: &str, parts: &str) -> String {
    let styles = Value::from(style_sheet);
    format!("(() => {{\n\"use strict\";\nconst STYLES = {styles};\n{ELEMENTS}{parts}}})();\n")
}

/// A script that any page may embed.
pub(crate) fn serve(script: &'static str) -> Response {
    let headers = [
        (CONTENT_TYPE, "text/javascript; charset=utf-8"),
        (CACHE_CONTROL, "no-cache"),
    ];
    let mut response = (headers, script).into_response();
    // A page with `Cross-Origin-Embedder-Policy: require-corp` loads only scripts that send this header.
    response.headers_mut().insert(
        HeaderName::from_static("cross-origin-resource-policy"),
        HeaderValue::from_static("cross-origin"),
    );
    response
}
