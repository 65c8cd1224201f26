//! Unsafe requests from other origins are refused on every route, before any other check.

use reqwest::{Method, RequestBuilder};

use super::routes::MUTATING;
use crate::harness::{Browser, TestApp};

type Headers = Vec<(&'static str, String)>;

fn origin(value: impl Into<String>) -> Headers {
    vec![("origin", value.into())]
}

fn with_site(mut headers: Headers, relation: &str) -> Headers {
    headers.push(("sec-fetch-site", relation.to_owned()));
    headers
}

/// Headers of other origins' pages, and headers that no page sends.
fn foreign(app: &TestApp) -> Vec<Headers> {
    let own = app.login_origin();
    let port = app.addr.port();
    let sibling = || origin(format!("http://other.latchkey.localhost:{port}"));
    let mut all = vec![
        vec![],
        origin("https://evil.test"),
        with_site(origin("https://evil.test"), "cross-site"),
        with_site(origin("https://evil.test"), "same-origin"),
        origin("null"),
        with_site(origin("null"), "cross-site"),
        with_site(origin("null"), "same-site"),
        with_site(vec![], "cross-site"),
        with_site(vec![], "same-site"),
        with_site(vec![], "none"),
        with_site(vec![], ""),
        sibling(),
        with_site(sibling(), "same-site"),
        with_site(origin(&own), "cross-site"),
        with_site(origin(&own), "same-site"),
        [origin(&own), origin("https://evil.test")].concat(),
        [origin(&own), origin(&own)].concat(),
        vec![("referer", "https://evil.test/login".to_owned())],
        vec![("referer", format!("{own}.evil.test/"))],
        vec![("referer", format!("https://evil.test/?{own}"))],
    ];
    let look_alikes = [
        format!("{own}.evil.test"),
        format!("{own}/"),
        format!("{own}@evil.test"),
        own.replace("http:", "https:"),
        own.replace(&format!(":{port}"), ""),
        own.replace(&port.to_string(), &format!("{port}0")),
        own.replace(".localhost", ".localhost."),
        own.to_uppercase(),
        format!("http://login.latchkey.localhost.evil.test:{port}"),
        format!("http://evillogin.latchkey.localhost:{port}"),
        String::new(),
    ];
    all.extend(look_alikes.map(origin));
    all
}

fn with(mut request: RequestBuilder, headers: &Headers) -> RequestBuilder {
    for (name, value) in headers {
        request = request.header(*name, value);
    }
    request
}

async fn post(browser: &Browser, path: &str, headers: &Headers) -> u16 {
    let request = with(browser.request(Method::POST, path), headers);
    let request = request.header("content-type", "application/x-www-form-urlencoded");
    browser.send(request.body("email=x")).await.status
}

#[tokio::test]
async fn no_route_listens_to_pages_of_others() {
    let app = TestApp::start().await;
    let browser = app.signed_in().await;
    for headers in foreign(&app) {
        for path in MUTATING.into_iter().chain(["/nowhere", "/api/nowhere"]) {
            assert_eq!(
                post(&browser, path, &headers).await,
                403,
                "{path} {headers:?}"
            );
        }
    }
    let site = with_site(origin(app.site_origin()), "same-site");
    for path in MUTATING.into_iter().filter(|path| *path != "/logout") {
        assert_eq!(post(&browser, path, &site).await, 403, "{path}");
    }
    assert!(
        browser.is_signed_in().await,
        "a refused request has an effect"
    );
}

#[tokio::test]
async fn a_refused_sign_in_is_not_even_counted() {
    let app = TestApp::start_with(&[("LATCHKEY_LIMIT_CLIENT_BURST", "1")]).await;
    for _ in 0..3 {
        let status = post(&app.anonymous(), "/login", &origin("https://evil.test")).await;
        assert_eq!(status, 403);
    }
    app.signed_in().await;
}

#[tokio::test]
async fn the_answer_says_so_in_the_form_of_the_route() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    for path in MUTATING {
        let response = browser.send(browser.request(Method::POST, path)).await;
        assert_eq!(response.status, 403, "{path}");
        if path.starts_with("/api/") {
            assert_eq!(response.body, r#"{"status":"forbidden"}"#, "{path}");
        } else {
            assert!(response.body.starts_with("<!DOCTYPE html>"), "{path}");
        }
    }
}

#[tokio::test]
async fn no_parameter_and_no_header_turns_a_get_into_a_post() {
    let app = TestApp::start().await;
    let browser = app.signed_in().await;
    for path in MUTATING {
        for method in [Method::GET, Method::HEAD] {
            let request = browser.request(method, &format!("{path}?_method=POST"));
            let request = request
                .header("x-http-method-override", "POST")
                .header("x-method-override", "POST");
            let status = browser.send(request).await.status;
            assert!(matches!(status, 200 | 303 | 405 | 410), "{path}: {status}");
        }
    }
    assert_eq!(browser.get("/logout").await.status, 405);
    assert!(browser.is_signed_in().await);
}

#[tokio::test]
async fn a_server_function_never_redirects_to_the_referrer() {
    let app = TestApp::start().await;
    let browser = app.signed_in().await;
    let own = app.login_origin();
    for referer in ["https://evil.test/x".to_owned(), format!("{own}/account")] {
        let request = browser.own_page(browser.request(Method::POST, "/api/account/profile"));
        let request = request
            .header("referer", &referer)
            .header("accept", "text/html")
            .header("content-type", "application/x-www-form-urlencoded")
            .body("nonsense");
        let response = browser.send(request).await;
        assert!(!response.location().contains("evil.test"), "{response:?}");
        assert!(!response.location().contains("__err"), "{response:?}");
    }
    let evil = vec![("referer", "https://evil.test/x".to_owned())];
    assert_eq!(post(&browser, "/api/account/profile", &evil).await, 403);
}

#[tokio::test]
async fn a_server_function_takes_forms_only() {
    let app = TestApp::start().await;
    let browser = app.signed_in().await;
    for media_type in [
        "",
        "text/plain",
        "multipart/form-data; boundary=x",
        "application/json",
    ] {
        let mut request = browser.own_page(browser.request(Method::POST, "/api/account/profile"));
        if !media_type.is_empty() {
            request = request.header("content-type", media_type);
        }
        let response = browser.send(request.body("display_name=Mallory")).await;
        assert_eq!(response.status, 415, "{media_type:?}");
    }
    assert!(!browser.get("/account").await.body.contains("Mallory"));
}

#[tokio::test]
async fn no_link_changes_anything() {
    let app = TestApp::start().await;
    let browser = app.signed_in().await;
    let evil = vec![
        ("referer", "https://evil.test/".to_owned()),
        ("sec-fetch-site", "cross-site".to_owned()),
    ];
    for path in MUTATING {
        let query = "display_name=Mallory&chatBoxId=cb_demo";
        let request = with(
            browser.request(Method::GET, &format!("{path}?{query}")),
            &evil,
        );
        browser.send(request).await;
    }
    let account = browser.get("/account").await;
    assert!(account.body.contains("Dana Demo") && !account.body.contains("Mallory"));
    let handoff = browser.get("/handoff?chatBoxId=cb_demo").await;
    assert_eq!(handoff.status, 303, "a link is no consent");
}

#[tokio::test]
async fn our_own_pages_are_heard_however_much_their_browser_says() {
    let app = TestApp::start().await;
    let own = app.login_origin();
    for headers in [
        origin(&own),
        with_site(origin(&own), "same-origin"),
        with_site(vec![], "same-origin"),
        vec![("referer", format!("{own}/login?chatBoxId=cb_demo"))],
        with_site(origin("null"), "same-origin"),
    ] {
        let browser = app.signed_in().await;
        for path in MUTATING {
            let status = post(&browser, path, &headers).await;
            assert!(
                status != 403 && status < 500,
                "{path} {headers:?}: {status}"
            );
        }
    }
}

#[tokio::test]
async fn the_embedding_site_may_sign_its_visitors_out_and_nothing_else() {
    let app = TestApp::start().await;
    let browser = app.signed_in().await;
    let site = with_site(origin(app.site_origin()), "same-site");
    assert_eq!(post(&browser, "/switch-account", &site).await, 403);
    assert_eq!(post(&browser, "/logout", &site).await, 303);
    assert!(!browser.is_signed_in().await);
}
