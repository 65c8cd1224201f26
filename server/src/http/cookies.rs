//! The cookies of a request, and those that a response sets.

use http::{
    HeaderMap, HeaderValue,
    header::{COOKIE, SET_COOKIE},
};
use tower_sessions::cookie::Cookie;

/// Names and values of all cookies, in their order; one name may come more than once (RFC 6265, section 5.4). What is
/// not UTF-8 is left out, and so are names that are not ASCII or have a percent sign, which none of ours has.
pub fn cookies(headers: &HeaderMap) -> impl Iterator<Item = (&str, &str)> {
    headers
        .get_all(COOKIE)
        .iter()
        .flat_map(|value| value.as_bytes().split(|byte| *byte == b';'))
        .filter_map(|pair| str::from_utf8(pair).ok()?.split_once('='))
        .filter(|(name, _)| name.is_ascii() && !name.contains('%'))
        .map(|(name, value)| (name.trim(), value.trim()))
}

/// Leaves of a request's cookies those that [`cookies`] reads.
///
/// Any sibling host can set the others, and the libraries behind would be misled: bytes that are not UTF-8 make them
/// drop all cookies, and since they decode a name and trim Unicode's spaces off it, it would pass for that of a
/// `__Host-` cookie.
pub fn keep_readable(headers: &mut HeaderMap) {
    let is_plain = |byte: &u8| byte.is_ascii() && *byte != b'%';
    let mut values = headers.get_all(COOKIE).iter();
    if values.all(|value| value.as_bytes().iter().all(is_plain)) {
        return;
    }
    let pairs: Vec<String> = cookies(headers)
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    headers.remove(COOKIE);
    if let Ok(value) = HeaderValue::try_from(pairs.join("; ")) {
        headers.insert(COOKIE, value);
    }
}

/// Sets a cookie. One that is no header value, which none of ours is, is left out.
pub fn set_cookie(headers: &mut HeaderMap, cookie: &Cookie<'_>) {
    if let Ok(value) = HeaderValue::try_from(cookie.to_string()) {
        headers.append(SET_COOKIE, value);
    }
}
