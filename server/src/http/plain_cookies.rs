//! The login's cookies on an http origin, which only the demo has: neither `__Host-` nor `Secure`.
//!
//! On loopback, Chromium and Firefox keep such cookies over http as well; WebKit does not, and no one could sign
//! in. Both directions are translated here, so that everything else knows only the names that are used over TLS.

use http::{
    HeaderMap, HeaderValue,
    header::{COOKIE, SET_COOKIE},
};

use super::cookies;

/// The prefix that keeps sibling domains from setting or shadowing a cookie (RFC 6265bis).
const PREFIX: &str = "__Host-";

/// How the names of the login's own cookies begin, after the prefix.
const OWN: &str = "latchkey";

/// Gives the login's cookies in a request their names over TLS. Cookies that have such a name already are left
/// out: a former version of the demo has set them.
pub fn prefix_names(request: &mut HeaderMap) {
    let sent: Vec<String> = cookies(request)
        .filter(|(name, _)| !name.starts_with(PREFIX))
        .map(|(name, value)| match name.starts_with(OWN) {
            true => format!("{PREFIX}{name}={value}"),
            false => format!("{name}={value}"),
        })
        .collect();
    request.remove(COOKIE);
    if sent.is_empty() {
        return;
    }
    if let Ok(value) = HeaderValue::try_from(sent.join("; ")) {
        request.insert(COOKIE, value);
    }
}

/// Removes prefix and `Secure` from the cookies that a response sets.
pub fn make_plain(response: &mut HeaderMap) {
    let set: Vec<HeaderValue> = response
        .get_all(SET_COOKIE)
        .iter()
        .filter_map(|value| {
            HeaderValue::try_from(plain(str::from_utf8(value.as_bytes()).ok()?)).ok()
        })
        .collect();
    response.remove(SET_COOKIE);
    for value in set {
        response.append(SET_COOKIE, value);
    }
}

fn plain(cookie: &str) -> String {
    let attributes = cookie
        .split("; ")
        .filter(|attribute| !attribute.eq_ignore_ascii_case("Secure"));
    let cookie = attributes.collect::<Vec<_>>().join("; ");
    cookie
        .strip_prefix(PREFIX)
        .map(str::to_owned)
        .unwrap_or(cookie)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_gain_the_prefix_on_their_way_in_and_lose_it_on_their_way_out() {
        for (sent, seen) in [
            ("latchkey=1; theme=2", "__Host-latchkey=1; theme=2"),
            ("latchkey-oauth=1", "__Host-latchkey-oauth=1"),
            ("__Host-latchkey=old; latchkey=new", "__Host-latchkey=new"),
            ("xlatchkey=1", "xlatchkey=1"),
            ("__Host-latchkey=old", ""),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(COOKIE, HeaderValue::from_static(sent));
            prefix_names(&mut headers);
            let value = headers
                .get(COOKIE)
                .map_or("", |value| value.to_str().unwrap());
            assert_eq!(value, seen, "{sent}");
        }
    }

    #[test]
    fn a_set_cookie_keeps_all_that_works_over_http() {
        for (set, sent) in [
            (
                "__Host-latchkey=1; HttpOnly; SameSite=Lax; Secure; Path=/",
                "latchkey=1; HttpOnly; SameSite=Lax; Path=/",
            ),
            (
                "a=Secure; Domain=x.localhost; Secure",
                "a=Secure; Domain=x.localhost",
            ),
            ("a=1; Path=/", "a=1; Path=/"),
        ] {
            let mut headers = HeaderMap::new();
            headers.append(SET_COOKIE, HeaderValue::from_static(set));
            headers.append(SET_COOKIE, HeaderValue::from_static("b=2"));
            make_plain(&mut headers);
            let all: Vec<_> = headers.get_all(SET_COOKIE).iter().collect();
            assert_eq!(all, [sent, "b=2"]);
        }
    }
}
