//! Renewal: a page gets a fresh credential while the host's session lives, if the user has consented to its
//! chat box once.

use std::time::Duration;

use reqwest::Method;

use crate::harness::{Browser, Response, TestApp};

const ID: &str = "cb_demo";

async fn renew_from(browser: &Browser, origin: &str, chat_box_id: &str) -> Response {
    let request = browser
        .request(Method::POST, "/api/handoff/renew")
        .header("origin", origin)
        .header("sec-fetch-site", "same-site");
    browser
        .send(request.form(&[("chatBoxId", chat_box_id)]))
        .await
}

async fn consented(app: &TestApp) -> Browser {
    let browser = app.signed_in().await;
    let agreed = browser.post("/continue", &[("chatBoxId", ID)]).await;
    assert_eq!(agreed.status, 303);
    browser
}

#[track_caller]
fn assert_word(response: &Response, status: u16, word: &str) {
    let body = format!(r#"{{"status":"{word}"}}"#);
    assert_eq!(
        (response.status, response.body.as_str()),
        (status, body.as_str())
    );
}

#[tokio::test]
async fn a_page_that_was_agreed_to_renews_hours_later() {
    let app = TestApp::start().await;
    let browser = consented(&app).await;
    app.clock.advance(Duration::from_secs(3 * 3600));
    let response = renew_from(&browser, &app.site_origin(), ID).await;
    assert_eq!(response.status, 200, "{}", response.body);
    assert!(
        response.json()["data"]["jwt"]
            .as_str()
            .unwrap()
            .starts_with("eyJ")
    );
    for (name, value) in [
        ("access-control-allow-origin", app.site_origin().as_str()),
        ("access-control-allow-credentials", "true"),
        ("cache-control", "no-store"),
    ] {
        assert_eq!(response.header(name), value, "{name}");
    }
    assert!(response.header("vary").contains("Origin"));
}

#[tokio::test]
async fn without_a_living_session_nothing_is_renewed() {
    let app = TestApp::start().await;
    let browser = consented(&app).await;
    browser.post("/logout", &[]).await;
    assert_word(
        &renew_from(&browser, &app.site_origin(), ID).await,
        401,
        "unauthenticated",
    );
    let response = renew_from(&app.anonymous(), &app.site_origin(), ID).await;
    assert_word(&response, 401, "unauthenticated");
}

#[tokio::test]
async fn renewing_is_no_way_around_the_consent() {
    let app = TestApp::start().await;
    let browser = app.signed_in().await;
    assert_word(
        &renew_from(&browser, &app.site_origin(), ID).await,
        403,
        "forbidden",
    );
    let browser = consented(&app).await;
    let partner = format!("http://www.partner.localhost:{}", app.addr.port());
    assert_word(
        &renew_from(&browser, &partner, "cb_partner").await,
        403,
        "forbidden",
    );
}

#[tokio::test]
async fn a_page_of_another_origin_can_neither_renew_nor_read() {
    let app = TestApp::start().await;
    let browser = consented(&app).await;
    let port = app.addr.port();
    for origin in [
        "https://evil.test".to_owned(),
        "null".to_owned(),
        app.login_origin(),
        format!("http://other.latchkey.localhost:{port}"),
        format!("http://www.partner.localhost:{port}"),
        format!("{}/", app.site_origin()),
    ] {
        let response = renew_from(&browser, &origin, ID).await;
        assert_word(&response, 403, "forbidden");
        assert_eq!(
            response.header("access-control-allow-origin"),
            "",
            "{origin}"
        );
    }
    assert_word(
        &renew_from(&browser, &app.site_origin(), "cb_unknown").await,
        403,
        "forbidden",
    );
}
