//! Reads the cookies of a request and sets cookies on a response.

use http::{
    HeaderMap, HeaderValue,
    header::{COOKIE, SET_COOKIE},
};
use tower_sessions::cookie::Cookie;

/// The names and values of all cookies, in order. A name may occur more than once (RFC 6265, section 5.4).
/// Omits cookies that are not UTF-8 or whose names are not ASCII or contain a percent sign; ours never do.
pub fn cookies(headers: &HeaderMap) -> impl Iterator<Item = (&str, &str)> {
    headers
        .get_all(COOKIE)
        .iter()
        .flat_map(|value| value.as_bytes().split(|byte| *byte == b';'))
        .filter_map(|pair| str::from_utf8(pair).ok()?.split_once('='))
        .filter(|(name, _)| name.is_ascii() && !name.contains('%'))
        .map(|(name, value)| (name.trim(), value.trim()))
}

/// Removes all cookies from a request except those that [`cookies`] reads, and host cookies that occur more than
/// once, which browsers send only over http, where their names have no prefix.
///
/// Sibling hosts can set cookies for this host, too. With only plain ASCII names and UTF-8 values left,
/// everything that reads the request sees the same names.
pub fn keep_readable(headers: &mut HeaderMap) {
    let is_plain = |byte: &u8| byte.is_ascii() && *byte != b'%';
    let mut values = headers.get_all(COOKIE).iter();
    let host_cookies: Vec<&str> = cookies(headers)
        .map(|(name, _)| name)
        .filter(|name| name.starts_with("__Host-"))
        .collect();
    let occurs_twice = |name: &str| host_cookies.iter().filter(|other| **other == name).count() > 1;
    if values.all(|value| value.as_bytes().iter().all(is_plain))
        && !host_cookies.iter().any(|name| occurs_twice(name))
    {
        return;
    }
    let pairs: Vec<String> = cookies(headers)
        .filter(|(name, _)| !occurs_twice(name))
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    headers.remove(COOKIE);
    if let Ok(value) = HeaderValue::try_from(pairs.join("; ")) {
        headers.insert(COOKIE, value);
    }
}

/// Sets a cookie. Does nothing if it is not a valid header value; all of ours are.
pub fn set_cookie(headers: &mut HeaderMap, cookie: &Cookie<'_>) {
    if let Ok(value) = HeaderValue::try_from(cookie.to_string()) {
        headers.append(SET_COOKIE, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_names_and_readable_values_are_kept() {
        for (sent, kept) in [
            (&b"city=Bern; theme=1"[..], "city=Bern; theme=1"),
            (b"a%20b=1; theme=1", "theme=1"),
            (b"stra\xc3\x9fe=1; theme=1", "theme=1"),
            (b"city=Z\xfcrich; theme=1", "theme=1"),
            (
                b"city=Z\xc3\xbcrich; theme=100%",
                "city=Z\u{fc}rich; theme=100%",
            ),
            (
                b"__Host-a=1; theme=1; __Host-b=2",
                "__Host-a=1; theme=1; __Host-b=2",
            ),
            (
                b"__Host-a=1; theme=1; __Host-a=2; theme=2",
                "theme=1; theme=2",
            ),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(COOKIE, HeaderValue::from_bytes(sent).unwrap());
            keep_readable(&mut headers);
            assert_eq!(headers[COOKIE].as_bytes(), kept.as_bytes());
        }
    }
}
