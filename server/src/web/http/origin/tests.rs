//! The same-origin check, by headers. That every route is behind it is tested over HTTP.

use super::*;

fn allows(path: &str, headers: &[(&'static str, &str)]) -> bool {
    let rules = OriginRules::new(
        "https://login.example.test".parse().unwrap(),
        "https://www.example.test".parse().unwrap(),
    );
    let headers = headers
        .iter()
        .map(|(name, value)| (HeaderName::from_static(name), value.parse().unwrap()));
    rules.allows(path, &HeaderMap::from_iter(headers))
}

#[test]
fn requests_of_our_own_pages_pass() {
    assert!(allows(
        "/login",
        &[("origin", "https://login.example.test")]
    ));
    assert!(allows(
        "/login",
        &[
            ("origin", "https://login.example.test"),
            ("sec-fetch-site", "same-origin")
        ]
    ));
    assert!(allows("/login", &[("sec-fetch-site", "same-origin")]));
    assert!(allows(
        "/login",
        &[("referer", "https://login.example.test/login?x=1")]
    ));
    assert!(allows(
        "/reset-password",
        &[("origin", "null"), ("sec-fetch-site", "same-origin")]
    ));
}

#[test]
fn everything_else_is_refused() {
    let refused: &[&[(&'static str, &str)]] = &[
        &[],
        &[("origin", "https://evil.test")],
        &[("origin", "null")],
        &[("origin", "null"), ("sec-fetch-site", "cross-site")],
        &[("sec-fetch-site", "cross-site")],
        &[("sec-fetch-site", "none")],
        &[("sec-fetch-site", "same-site")],
        &[
            ("sec-fetch-site", "same-site"),
            ("origin", "https://www.example.test"),
        ],
        &[
            ("sec-fetch-site", "cross-site"),
            ("origin", "https://login.example.test"),
        ],
        &[("origin", "https://www.example.test")],
        &[("origin", "https://login.example.test.evil.test")],
        &[("origin", "http://login.example.test")],
        &[("origin", "https://login.example.test:8443")],
        &[("origin", "https://login.example.test.")],
        &[("origin", "https://LOGIN.example.test")],
        &[("referer", "https://evil.test/https://login.example.test/")],
        &[("referer", "https://login.example.test@evil.test/")],
    ];
    for headers in refused {
        assert!(!allows("/login", headers), "{headers:?}");
    }
}

#[test]
fn the_embedding_site_may_sign_out_and_nothing_else() {
    let site = [
        ("origin", "https://www.example.test"),
        ("sec-fetch-site", "same-site"),
    ];
    assert!(allows("/logout", &site));
    assert!(!allows("/account/password", &site));
    assert!(!allows("/logout/", &site));
}

#[test]
fn providers_may_post_their_answers_also_from_pages_that_hide_their_origin() {
    for origin in ["https://provider.test", "null"] {
        let provider = [("origin", origin), ("sec-fetch-site", "cross-site")];
        assert!(allows("/oauth/sso/callback", &provider));
        assert!(!allows("/oauth/sso/link", &provider));
        assert!(!allows("/oauth/sso/more/callback", &provider));
    }
}

#[test]
fn two_origin_headers_are_no_origin() {
    let rules = OriginRules::new(
        "https://login.example.test".parse().unwrap(),
        "https://www.example.test".parse().unwrap(),
    );
    let mut headers = HeaderMap::new();
    headers.append(ORIGIN, "https://login.example.test".parse().unwrap());
    headers.append(ORIGIN, "https://login.example.test".parse().unwrap());
    assert!(!rules.allows("/login", &headers));
}
