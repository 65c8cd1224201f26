//! The cookies of a request.

use axum::http::{HeaderMap, HeaderValue, header::COOKIE};

/// Names and values of all cookies, in their order; one name may come more than once (RFC 6265, section 5.4). What is not
/// UTF-8 is left out, and so are names that are not ASCII or have a percent sign, which none of ours has.
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
/// Any sibling host can set the others, and the libraries behind would be misled: bytes that are not UTF-8 make them drop
/// all cookies, and since they decode a name and trim Unicode's spaces off it, it would pass for that of a `__Host-` cookie.
pub(super) fn keep_readable(headers: &mut HeaderMap) {
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
