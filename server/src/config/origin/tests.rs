//! Which strings are accepted as an origin.

use super::*;

#[test]
fn an_origin_is_kept_in_the_form_that_browsers_send() {
    for (written, canonical) in [
        ("https://www.example.com", "https://www.example.com"),
        ("https://WWW.Example.com", "https://www.example.com"),
        ("https://www.example.com:443", "https://www.example.com"),
        (
            "https://www.example.com:8443",
            "https://www.example.com:8443",
        ),
        ("https://bücher.example", "https://xn--bcher-kva.example"),
        (
            "http://www.latchkey.localhost:3000",
            "http://www.latchkey.localhost:3000",
        ),
        ("http://127.0.0.1:80", "http://127.0.0.1"),
    ] {
        let origin = Origin::from_str(written).map(|origin| origin.to_string());
        assert_eq!(origin.as_deref(), Ok(canonical), "{written}");
    }
}

#[test]
fn a_text_that_is_not_exactly_one_origin_is_refused() {
    for text in [
        "",
        "*",
        "null",
        "www.example.com",
        "//www.example.com",
        "https://",
        "https://a.test/",
        "https://a.test/path",
        "https://a.test?x",
        "https://a.test#x",
        "https://*.a.test",
        "https://user@a.test",
        "https://a.test.",
        "ftp://a.test",
        "javascript:alert(1)",
        "https://a.test,https://b.test",
        "https://a.test https://b.test",
    ] {
        assert_eq!(
            Origin::from_str(text),
            Err(OriginError::NotAnOrigin),
            "{text}"
        );
    }
}

#[test]
fn http_is_for_loopback_only() {
    for text in [
        "http://a.test",
        "http://192.168.1.4",
        "http://localhost.example.com",
        "http://notlocalhost",
    ] {
        assert_eq!(Origin::from_str(text), Err(OriginError::Insecure), "{text}");
    }
}
