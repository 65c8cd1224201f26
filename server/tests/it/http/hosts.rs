//! Host names: the server responds only to its own, however a request names them.

use crate::{
    harness::{DANA, Log, NO_PROVIDER, PASSWORD, TestApp, status},
    vendors,
};

fn get(target: &str, headers: &str) -> String {
    format!("GET {target} HTTP/1.1\r\n{headers}connection: close\r\n\r\n")
}

#[tokio::test]
async fn hosts_that_are_not_ours_are_misdirected() {
    let app = TestApp::start().await;
    let (host, port) = (app.login_host(), app.addr.port());
    for header in [
        "host: evil.test\r\n".to_owned(),
        format!("host: evil.test:{port}\r\n"),
        format!("host: {host}.evil.test\r\n"),
        format!("host: evil-{host}\r\n"),
        format!("host: evil.{host}\r\n"),
        "host: login.latchkey.localhost\r\n".to_owned(),
        "host: login.latchkey.localhost:1\r\n".to_owned(),
        format!("host: login.latchkey.localhost.:{port}\r\n"),
        format!("host: {host}@evil.test\r\n"),
        format!("host: evil@{host}\r\n"),
        format!("host: {host}\r\nhost: {host}\r\n"),
        format!("host: {host}\r\nhost: evil.test\r\n"),
        format!("host: {host}, evil.test\r\n"),
        "host: \r\n".to_owned(),
        "host: \u{ff}\r\n".to_owned(),
        String::new(),
        format!("x-forwarded-host: {host}\r\n"),
    ] {
        for path in [
            "/login",
            "/account",
            "/",
            "/api/none",
            "/pkg/none.js",
            "/latchkey.js",
        ] {
            let response = app.raw(get(path, &header)).await;
            assert!(
                matches!(status(&response), 421 | 400),
                "{header} {path}: {response}"
            );
            assert!(
                !response.contains("set-cookie") && !response.contains("<form"),
                "{response}"
            );
        }
    }
}

#[tokio::test]
async fn an_unknown_name_is_logged_once_and_ten_at_most() {
    let log = Log::capture();
    let app = TestApp::start().await;
    for _ in 0..2 {
        for number in 0..12 {
            app.raw(get("/login", &format!("host: host-{number}.test\r\n")))
                .await;
        }
    }
    let text = log.text();
    let logged = |host: &str| {
        let message = "a request for an unknown host name was rejected";
        let lines = text.lines().filter(|line| line.contains(message));
        lines.filter(|line| line.contains(host)).count()
    };
    for number in 0..12 {
        let host = format!("\"host-{number}.test\"");
        assert_eq!(logged(&host), usize::from(number < 10), "{host}: {text}");
    }
}

#[tokio::test]
async fn our_own_hosts_are_found_in_either_case_and_in_absolute_form() {
    let app = TestApp::start().await;
    let host = app.login_host();
    for (target, header) in [
        ("/login".to_owned(), format!("host: {host}\r\n")),
        (
            "/login".to_owned(),
            format!("host: {}\r\n", host.to_uppercase()),
        ),
        (format!("http://{host}/login"), format!("host: {host}\r\n")),
        (format!("http://{host}/login"), String::new()),
    ] {
        let response = app.raw(get(&target, &header)).await;
        assert_eq!(status(&response), 200, "{target} {header}: {response}");
    }
    for (target, header) in [
        (
            format!("http://{host}/login"),
            "host: evil.test\r\n".to_owned(),
        ),
        (
            "http://evil.test/login".to_owned(),
            format!("host: {host}\r\n"),
        ),
        (
            format!("http://{host}/login"),
            format!("host: {}\r\n", app.site_host()),
        ),
    ] {
        let response = app.raw(get(&target, &header)).await;
        assert_eq!(status(&response), 421, "{target} {header}: {response}");
    }
}

#[tokio::test]
async fn the_login_is_not_served_under_the_sites_name_nor_the_site_under_the_logins() {
    let app = TestApp::start().await;
    let browser = app.signed_in().await;
    let site = app.site_origin();
    for path in [
        "/login",
        "/account",
        "/register",
        "/handoff?chatBoxId=cb_demo",
        "/latchkey.js",
    ] {
        assert_eq!(
            browser.get(&format!("{site}{path}")).await.status,
            404,
            "{path}"
        );
        let form = [("email", DANA), ("password", PASSWORD)];
        let response = browser.post(&format!("{site}{path}"), &form).await;
        assert_eq!(response.status, 404, "{path}");
        assert!(response.set_cookies().is_empty(), "{path}");
    }
    let root = browser.get("/").await;
    assert_eq!((root.status, root.location()), (303, "/account"));
}

#[tokio::test]
async fn plain_loopback_names_lead_to_the_site_in_the_demo_only() {
    let app = TestApp::start().await;
    let port = app.addr.port();
    let location = format!("location: {}/\r\n", app.site_origin());
    for name in ["localhost", "127.0.0.1", "[::1]"] {
        let response = app
            .raw(get("/account", &format!("host: {name}:{port}\r\n")))
            .await;
        assert_eq!(status(&response), 303, "{name}");
        assert!(response.contains(&location), "{response}");
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
    let host = format!("host: localhost:{}\r\n", production.addr.port());
    assert_eq!(status(&production.raw(get("/", &host)).await), 421);
    for (host, expected) in [
        ("www.example.com", 404),
        ("www.example.com:443", 404),
        ("login.example.com", 303),
        ("LOGIN.example.com:443", 303),
        ("login.example.com:80", 421),
        ("login.example.com:8443", 421),
        ("login.example.com:", 421),
    ] {
        let response = production.raw(get("/", &format!("host: {host}\r\n"))).await;
        assert_eq!(status(&response), expected, "{host}");
    }
}

#[tokio::test]
async fn no_header_changes_where_a_redirect_leads() {
    let app = TestApp::start().await;
    let headers = format!(
        "host: {}\r\nx-forwarded-host: evil.test\r\nforwarded: host=evil.test\r\n\
         x-original-url: /evil\r\nx-rewrite-url: /evil\r\nx-forwarded-proto: https\r\n",
        app.login_host()
    );
    let response = app.raw(get("/account", &headers)).await;
    assert!(
        response.contains("\r\nlocation: /login?next=%2Faccount\r\n"),
        "{response}"
    );
}

#[tokio::test]
async fn odd_requests_are_answered_or_refused_and_never_confuse() {
    let app = TestApp::start().await;
    let host = app.login_host();
    let own = format!("host: {host}\r\norigin: {}\r\n", app.login_origin());
    let form = "content-type: application/x-www-form-urlencoded\r\nconnection: close\r\n";
    let hidden = format!("GET /account HTTP/1.1\r\nhost: {host}\r\n\r\n");
    for (request, expected) in [
        (
            format!("TRACE /login HTTP/1.1\r\n{own}connection: close\r\n\r\n"),
            405,
        ),
        (
            format!("BREW /login HTTP/1.1\r\n{own}connection: close\r\n\r\n"),
            405,
        ),
        (
            format!("CONNECT {host} HTTP/1.1\r\n{own}connection: close\r\n\r\n"),
            404,
        ),
        (format!("GET /login HTTP/1.0\r\nhost: {host}\r\n\r\n"), 200),
        ("GET /login\r\n\r\n".to_owned(), 400),
        (format!("GET /login HTTP/1.1\r\nhost : {host}\r\n\r\n"), 400),
        (
            format!("GET /lo\0gin HTTP/1.1\r\nhost: {host}\r\n\r\n"),
            400,
        ),
        (
            format!(
                "POST /login HTTP/1.1\r\n{own}{form}content-length: 5\r\ncontent-length: 6\r\n\r\nemail"
            ),
            400,
        ),
        (
            format!("POST /login HTTP/1.1\r\n{own}{form}content-length: -1\r\n\r\n"),
            400,
        ),
        (
            format!(
                "POST /login HTTP/1.1\r\n{own}{form}content-length: 4\r\nexpect: 100-continue\r\n\r\na=bc"
            ),
            422,
        ),
        (
            format!(
                "POST /login HTTP/1.1\r\n{own}{form}transfer-encoding: xchunked\r\n\r\n0\r\n\r\n{hidden}"
            ),
            400,
        ),
        (
            format!(
                "POST /login HTTP/1.1\r\n{own}{form}transfer-encoding: chunked\r\ncontent-length: 4\r\n\r\n0\r\n\r\n{hidden}"
            ),
            422,
        ),
    ] {
        let response = app.raw(&request).await;
        let response = response
            .strip_prefix("HTTP/1.1 100 Continue\r\n\r\n")
            .unwrap_or(&response);
        assert_eq!(status(response), expected, "{request}: {response}");
        assert_eq!(
            response.matches("HTTP/1.").count(),
            1,
            "{request}: {response}"
        );
    }
}
