//! Which requests may read a credential, by their headers.

use axum::http::HeaderMap;

use super::AllowedOrigins;

fn allows(headers: &[(&'static str, &'static str)]) -> bool {
    let site = "https://www.example.com".parse().unwrap();
    let login = "https://login.example.com".parse().unwrap();
    let mut map = HeaderMap::new();
    for (name, value) in headers {
        map.append(*name, value.parse().unwrap());
    }
    AllowedOrigins::new([login, site]).allow(&map)
}

#[test]
fn scripts_of_the_login_and_of_the_site_may_read() {
    let fetch = [("sec-fetch-mode", "cors"), ("sec-fetch-dest", "empty")];
    let same_origin = [&fetch[..], &[("sec-fetch-site", "same-origin")]].concat();
    assert!(allows(&same_origin));
    for origin in ["https://www.example.com", "https://login.example.com"] {
        let site = [("sec-fetch-site", "same-site"), ("origin", origin)];
        assert!(allows(&[&fetch[..], &site].concat()), "{origin}");
    }
    assert!(allows(&[]), "clients without a browser's headers");
}

#[test]
fn no_other_origin_may_read() {
    for origin in [
        "https://evil.example.com",
        "https://www.example.com.evil.test",
        "http://www.example.com",
        "https://www.example.com:444",
        "null",
        "",
    ] {
        assert!(!allows(&[("origin", origin)]), "{origin}");
    }
    let twice = ("origin", "https://www.example.com");
    assert!(!allows(&[twice, twice]));
    assert!(!allows(&[("sec-fetch-site", "cross-site")]));
}

#[test]
fn nothing_that_loads_a_url_may_read() {
    for dest in [
        "script", "image", "iframe", "document", "style", "object", "embed", "video", "worker",
    ] {
        assert!(!allows(&[("sec-fetch-dest", dest)]), "{dest}");
    }
    for mode in ["navigate", "no-cors", "websocket"] {
        assert!(!allows(&[("sec-fetch-mode", mode)]), "{mode}");
    }
}
