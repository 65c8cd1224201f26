//! The headers of every kind of response.

use reqwest::Method;

use super::pages;
use crate::{
    harness::{NO_PROVIDER, Response, TestApp},
    vendors,
};

/// The headers of every response. `None` where the value differs.
const ALWAYS: [(&str, Option<&str>); 7] = [
    ("x-content-type-options", Some("nosniff")),
    ("x-frame-options", Some("DENY")),
    ("referrer-policy", None),
    ("cross-origin-resource-policy", None),
    ("content-security-policy", None),
    ("permissions-policy", None),
    ("cache-control", None),
];

const NEVER: [&str; 4] = [
    "server",
    "x-powered-by",
    "via",
    "access-control-allow-origin",
];

/// Asserts that a response has each of them once, and none that discloses too much.
#[track_caller]
pub fn assert_headers(what: &str, response: &Response) {
    for (name, value) in ALWAYS {
        let sent: Vec<_> = response.headers.get_all(name).iter().collect();
        assert_eq!(sent.len(), 1, "{what}: {name} {sent:?}");
        if let Some(value) = value {
            assert_eq!(sent[0], value, "{what}: {name}");
        }
    }
    for name in NEVER {
        assert_eq!(response.header(name), "", "{what}: {name}");
    }
    assert!(
        response.headers.get_all("content-type").iter().count() < 2,
        "{what}"
    );
    let kind = response.header("content-type");
    let text = kind.starts_with("text/");
    assert!(
        response.body.is_empty() || !kind.is_empty(),
        "{what} has no type"
    );
    assert!(!text || kind.contains("charset=utf-8"), "{what}: {kind}");
}

/// One response of each kind other than pages.
async fn others(app: &TestApp) -> Vec<(&'static str, Response)> {
    let browser = app.signed_in().await;
    let site = app.site_origin();
    let own = |method: Method, path: &str| browser.own_page(browser.request(method, path));
    let misdirected = browser
        .request(Method::GET, "/login")
        .header("host", "evil.test");
    let stranger = app.anonymous();
    let too_large = [("email", "x".repeat(20_000))];
    let mut others = vec![
        ("redirect", browser.get("/").await),
        ("redirect to the login", stranger.get("/account").await),
        (
            "wrong password",
            stranger.sign_in("a@b.test", "wrong wrong wrong").await,
        ),
        (
            "wrong method",
            browser.send(own(Method::PUT, "/login")).await,
        ),
        (
            "wrong type",
            browser.send(own(Method::POST, "/login").body("x")).await,
        ),
        (
            "no such method",
            browser.send(own("BREW".parse().unwrap(), "/login")).await,
        ),
        (
            "foreign origin",
            browser.send(browser.request(Method::POST, "/login")).await,
        ),
        (
            "too large",
            browser
                .send(own(Method::POST, "/login").form(&too_large))
                .await,
        ),
        ("health", browser.get("/health/live").await),
        ("unknown host", browser.send(misdirected).await),
        (
            "loopback",
            browser.get(&format!("http://{}/", app.addr)).await,
        ),
        ("missing asset", browser.get("/pkg/none.js").await),
        ("missing icon", browser.get("/favicon.svg").await),
        ("missing endpoint", browser.get("/api/none").await),
        (
            "missing page of the site",
            browser.get(&format!("{site}/none")).await,
        ),
    ];
    let credentials = vendors::credentials(&browser).await;
    others.extend(
        credentials
            .into_iter()
            .map(|response| ("credential", response)),
    );
    others.push(("sign-out", browser.post("/logout", &[]).await));
    others
}

#[tokio::test]
async fn every_response_has_the_security_headers_once() {
    let app = TestApp::start().await;
    for (what, response) in pages::all(&app).await.into_iter().chain(others(&app).await) {
        assert_headers(what, &response);
    }
}

#[tokio::test]
async fn errors_of_the_server_have_them_too() {
    let app = TestApp::start().await;
    let browser = app.signed_in().await;
    app.execute("ALTER TABLE sessions RENAME TO elsewhere")
        .await;
    let response = browser.get("/account").await;
    assert!(response.status >= 500);
    assert_headers("server error", &response);
}

#[tokio::test]
async fn nothing_that_depends_on_the_visitor_is_stored() {
    let app = TestApp::start().await;
    for (what, response) in pages::all(&app).await.into_iter().chain(others(&app).await) {
        // Proxies that rewrite pages break their scripts.
        let is_page = response.header("content-type").starts_with("text/html");
        let expected = if is_page {
            "no-store, no-transform"
        } else {
            "no-store"
        };
        assert_eq!(response.header("cache-control"), expected, "{what}");
    }
}

#[tokio::test]
async fn the_address_of_a_page_with_a_secret_goes_nowhere() {
    let app = TestApp::start().await;
    for (what, response) in pages::all(&app).await {
        let secret = what.contains("reset-password") || what.contains("verify-email");
        let secret = secret || matches!(what, "reset password" | "verify email");
        let expected = if secret {
            "same-origin"
        } else {
            "strict-origin-when-cross-origin"
        };
        assert_eq!(response.header("referrer-policy"), expected, "{what}");
    }
}

#[tokio::test]
async fn only_a_deployment_with_tls_demands_tls() {
    let demo = TestApp::start().await;
    for (what, response) in pages::all(&demo).await {
        assert_eq!(response.header("strict-transport-security"), "", "{what}");
    }
    let settings = [
        ("LATCHKEY_ENV", "production"),
        ("LATCHKEY_LOGIN_ORIGIN", "https://login.example.com"),
        ("LATCHKEY_SITE_ORIGIN", "https://www.example.com"),
        ("LATCHKEY_COOKIE_DOMAIN", "example.com"),
        ("LATCHKEY_SANDBOX_URL", ""),
    ];
    let settings = [&settings[..], &vendors::off()[..], &NO_PROVIDER].concat();
    let production = TestApp::start_with(&settings).await;
    for host in ["login.example.com", "www.example.com", "evil.test"] {
        let request = format!("GET /login HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n");
        let response = production.raw(request).await;
        let header = "strict-transport-security: max-age=63072000";
        assert!(response.contains(header), "{host}: {response}");
    }
}

#[tokio::test]
async fn what_is_compressed_says_that_it_varies() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    for path in ["/login", "/register"] {
        for encoding in ["gzip", "br"] {
            let request = browser.client.get(format!("{}{path}", app.login_origin()));
            let response = request
                .header("accept-encoding", encoding)
                .send()
                .await
                .unwrap();
            assert_eq!(response.headers()["content-encoding"], encoding, "{path}");
            assert_eq!(response.headers()["vary"], "accept-encoding", "{path}");
        }
    }
}
