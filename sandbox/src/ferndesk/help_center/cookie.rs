//! The cookie that keeps a visitor identified: the host's own token, unreadable for scripts.

use axum::http::header::{COOKIE, SET_COOKIE};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::Response;

/// Neither with the prefix `__Host-` nor `Secure`: the sandbox is reached over http, where WebKit keeps no such
/// cookies.
const NAME: &str = "ferndesk";

/// Remembers the visitor until the browser closes or the token expires.
pub(in crate::ferndesk) fn set(response: &mut Response, token: &str) {
    put(response, token, "");
}

pub(super) fn clear(response: &mut Response) {
    put(response, "", "; Max-Age=0");
}

pub(super) fn read(headers: &HeaderMap) -> Option<&str> {
    let cookies = headers.get(COOKIE)?.to_str().ok()?;
    cookies
        .split("; ")
        .filter_map(|cookie| cookie.split_once('='))
        .find_map(|(name, value)| (name == NAME).then_some(value))
}

fn put(response: &mut Response, value: &str, life: &str) {
    let cookie = format!("{NAME}={value}; Path=/; HttpOnly; SameSite=Lax{life}");
    // A verified token consists of base64url and dots, so it is always a valid header value.
    if let Ok(cookie) = HeaderValue::try_from(cookie) {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
}
