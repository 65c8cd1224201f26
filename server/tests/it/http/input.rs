//! Input that is too large, too long, of the wrong type or not text is refused in time and breaks nothing.

use reqwest::Method;

use super::routes::MUTATING;
use crate::harness::{Browser, Connection, Response, TestApp, status};

const FORM: &str = "application/x-www-form-urlencoded";

async fn send(
    browser: &Browser,
    path: &str,
    kind: &str,
    body: impl Into<reqwest::Body>,
) -> Response {
    let request = browser.own_page(browser.request(Method::POST, path));
    browser
        .send(request.header("content-type", kind).body(body))
        .await
}

#[tokio::test]
async fn a_body_beyond_the_bound_is_too_large_on_every_route() {
    let app = TestApp::start().await;
    for path in MUTATING.into_iter().filter(|path| *path != "/logout") {
        let browser = app.signed_in().await;
        let body = format!("email={}", "x".repeat(17 * 1024));
        let response = send(&browser, path, FORM, body).await;
        assert_eq!(response.status, 413, "{path}");
    }
}

#[tokio::test]
async fn a_body_without_a_length_is_cut_off_at_the_bound() {
    let app = TestApp::start().await;
    let mut connection = Connection::open(app.addr).await;
    let head = format!(
        "POST /login HTTP/1.1\r\nhost: {}\r\norigin: {}\r\ncontent-type: {FORM}\r\n\
         transfer-encoding: chunked\r\nconnection: close\r\n\r\n",
        app.login_host(),
        app.login_origin()
    );
    connection.send(head).await;
    let chunk = format!("400\r\n{}\r\n", "x".repeat(1024));
    for _ in 0..17 {
        connection.send(&chunk).await;
    }
    assert_eq!(status(&connection.some().await), 413);
}

#[tokio::test]
async fn an_announced_length_beyond_the_bound_is_not_waited_for() {
    let app = TestApp::start().await;
    let request = format!(
        "POST /login HTTP/1.1\r\nhost: {}\r\norigin: {}\r\ncontent-type: {FORM}\r\n\
         content-length: 1000000000\r\nconnection: close\r\n\r\n",
        app.login_host(),
        app.login_origin()
    );
    assert_eq!(status(&app.raw(request).await), 413);
}

#[tokio::test]
async fn bytes_that_are_no_text_are_a_bad_request() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    for body in [
        &b"email=\xff"[..],
        b"email=%ff",
        b"em%c3il=x",
        b"email=%ed%a0%80",
    ] {
        for path in [
            "/login",
            "/register",
            "/forgot-password",
            "/reset-password",
            "/verify-email",
        ] {
            let response = send(&browser, path, FORM, body.to_vec()).await;
            assert_eq!(response.status, 400, "{path} {body:?}");
        }
    }
    for path in [
        "/login?next=%ff",
        "/verify-email?token=%c3",
        "/handoff?chatBoxId=%fe",
    ] {
        assert_eq!(browser.get(path).await.status, 400, "{path}");
    }
}

#[tokio::test]
async fn headers_that_are_no_text_harm_no_one() {
    let app = TestApp::start().await;
    let host = app.login_host();
    for header in [
        &b"cookie: latchkey=\xff\xfe"[..],
        b"cookie: =;;=; ;latchkey",
        b"referer: \xff",
        b"user-agent: \xff",
        b"accept-encoding: \xff",
        b"accept-language: \xff",
        b"x-forwarded-for: \xff",
        b"authorization: Bearer \xff",
    ] {
        let head = format!(
            "GET /login?chatBoxId=cb_demo HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n"
        );
        let request = [head.as_bytes(), header, b"\r\n\r\n"].concat();
        let response = app.raw(request).await;
        assert_eq!(
            status(&response),
            200,
            "{}",
            String::from_utf8_lossy(header)
        );
    }
}

#[tokio::test]
async fn a_field_that_comes_twice_is_a_bad_request() {
    let app = TestApp::start().await;
    let browser = app.signed_in().await;
    for (path, field) in [
        ("/login", "email"),
        ("/register", "password"),
        ("/forgot-password", "email"),
        ("/reset-password", "token"),
        ("/verify-email", "token"),
        ("/account/profile", "display_name"),
        ("/account/password", "new_password"),
        ("/continue", "chatBoxId"),
    ] {
        let response = browser.post(path, &[(field, "a"), (field, "b")]).await;
        assert_eq!(response.status, 400, "{path}");
    }
}

#[tokio::test]
async fn forms_of_other_types_are_not_read() {
    let app = TestApp::start().await;
    let reads_nothing = |path: &str| {
        matches!(
            path,
            "/logout" | "/oauth/sso/link" | "/account/linked-accounts/none/remove"
        )
    };
    for path in MUTATING
        .into_iter()
        .filter(|path| !reads_nothing(path) && *path != "/api/account/profile")
    {
        let browser = app.signed_in().await;
        for kind in [
            "text/plain",
            "multipart/form-data; boundary=x",
            "application/xml",
            "",
        ] {
            let response = send(&browser, path, kind, "email=a").await;
            assert_eq!(response.status, 415, "{path} {kind}");
        }
    }
    let browser = app.anonymous();
    let json = browser.post_json("/login", r#"{"email":"a","password":"b"}"#);
    assert_eq!(json.await.status, 415);
    let packed = browser.own_page(browser.request(Method::POST, "/login"));
    let packed = packed
        .header("content-type", FORM)
        .header("content-encoding", "gzip");
    let bomb = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3].repeat(100);
    let response = browser.send(packed.body(bomb)).await;
    assert_eq!(response.status, 400);
}

#[tokio::test]
async fn long_addresses_and_many_headers_are_refused_or_served() {
    let app = TestApp::start().await;
    let host = app.login_host();
    let parameters = (0..10_000).map(|n| format!("a{n}=1&")).collect::<String>();
    let headers = (0..200)
        .map(|n| format!("x-a{n}: 1\r\n"))
        .collect::<String>();
    let long = format!("x-a: {}\r\n", "x".repeat(300_000));
    for (path, headers, expected) in [
        (
            format!("/login?{parameters}"),
            "",
            &[200, 400, 414, 431][..],
        ),
        (format!("/{}", "x".repeat(16_000)), "", &[404, 414]),
        (format!("/{}", "x".repeat(70_000)), "", &[414, 431]),
        ("/login".to_owned(), &headers, &[200, 431]),
        ("/login".to_owned(), &long, &[431]),
    ] {
        let request =
            format!("GET {path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n{headers}\r\n");
        let response = app.raw(request).await;
        assert!(
            expected.contains(&status(&response)),
            "{:.40}: {response:.200}",
            path
        );
    }
}

#[tokio::test]
async fn only_the_exact_spelling_of_a_path_is_a_page() {
    let app = TestApp::start().await;
    let host = app.login_host();
    for path in [
        "/%2e%2e/etc/passwd",
        "/../../etc/passwd",
        "/pkg/../assets.json",
        "/pkg/%2e%2e/assets.json",
        "/pkg/..%2fassets.json",
        "/pkg/%00",
        "//login",
        "/login/",
        "/LOGIN",
        "/login;jsessionid=1",
        "/%6cogin",
        "/account/x.css",
        "/account.json",
        "/accoun%74",
    ] {
        let request = format!("GET {path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n");
        let status = status(&app.raw(request).await);
        assert!(matches!(status, 404 | 400), "{path}: {status}");
    }
}

#[tokio::test]
async fn what_a_query_says_is_never_html() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    let script = "%3Cscript%3Ealert(1)%3C/script%3E%22%3E%27";
    for name in [
        "notice",
        "error",
        "__err",
        "next",
        "chatBoxId",
        "token",
        "email",
        "receipt",
    ] {
        for path in [
            "/login",
            "/register",
            "/forgot-password",
            "/verify-email",
            "/reset-password",
        ] {
            let response = browser.get(&format!("{path}?{name}={script}")).await;
            assert!(response.status < 500, "{path} {name}");
            assert!(!response.body.contains("alert(1)"), "{path} {name}");
        }
    }
    let form = [("email", "\"><script>alert(1)</script>"), ("password", "x")];
    let response = browser.post("/login", &form).await;
    assert!(
        response.status == 422 && !response.body.contains("<script>alert"),
        "{}",
        response.body
    );
}

#[tokio::test]
async fn other_schemes_of_authentication_are_ignored() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    let long = format!("Bearer {}", "x".repeat(30_000));
    for value in [
        "Bearer",
        "Bearer x.y.z",
        "Basic !!!",
        "Basic ZGVtbzpkZW1v",
        "Digest a=b",
        &long,
    ] {
        let request = browser
            .request(Method::GET, "/account")
            .header("authorization", value);
        let response = browser.send(request).await;
        assert_eq!(
            (response.status, response.location()),
            (303, "/login?next=%2Faccount")
        );
    }
}
