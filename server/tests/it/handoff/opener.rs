//! Popups that a page of another site has opened, and chat boxes that do not exist.

use reqwest::Method;

use crate::harness::{Browser, DANA, PASSWORD, TestApp};

async fn opened_from(browser: &Browser, referer: &str) -> u16 {
    let request = browser.request(Method::GET, "/login?chatBoxId=cb_demo");
    let response = browser.send(request.header("referer", referer)).await;
    assert!(response.body.starts_with("<!DOCTYPE html>"));
    response.status
}

#[tokio::test]
async fn a_page_of_another_origin_is_told_so_before_anybody_types_a_password() {
    let app = TestApp::start().await;
    let site = app.site_origin();
    let port = app.addr.port();
    for browser in [app.anonymous(), app.signed_in().await] {
        for referer in [
            "https://evil.test/".to_owned(),
            format!("http://www.latchkey.localhost.evil.test:{port}/"),
            format!("https://evil.test/?{site}"),
            site.replace("http:", "https:"),
            "http://www.latchkey.localhost:1/".to_owned(),
            format!("http://www.partner.localhost:{port}/"),
            format!("http://{DANA}@evil.test/"),
        ] {
            assert_eq!(opened_from(&browser, &referer).await, 403, "{referer}");
        }
    }
}

#[tokio::test]
async fn pages_of_the_chat_box_our_own_and_unknown_ones_are_served() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    for referer in [
        format!("{}/", app.site_origin()),
        format!("{}/products?x=1", app.site_origin()),
        format!("{}/register?chatBoxId=cb_demo", app.login_origin()),
        "nonsense".to_owned(),
    ] {
        assert_eq!(opened_from(&browser, &referer).await, 200, "{referer}");
    }
    assert_eq!(browser.get("/login?chatBoxId=cb_demo").await.status, 200);
}

#[tokio::test]
async fn a_chat_box_that_does_not_exist_has_a_page_that_says_so() {
    let app = TestApp::start().await;
    let long = "x".repeat(10_000);
    for browser in [app.anonymous(), app.signed_in().await] {
        for id in [
            "",
            "cb_unknown",
            "CB_DEMO",
            "cb_demo%20",
            "%3Cscript%3Ealert(1)%3C/script%3E",
            "cb_demo%00",
            &long,
        ] {
            for path in ["/login", "/register", "/forgot-password", "/handoff"] {
                let response = browser.get(&format!("{path}?chatBoxId={id}")).await;
                let to_login = path == "/register" && response.status == 303;
                assert!(
                    response.status == 404 || to_login,
                    "{path} {id:.60}: {}",
                    response.status
                );
                assert!(
                    !response.body.contains("alert(1)") && !response.body.contains("data-handoff")
                );
            }
        }
        for path in ["/continue", "/switch-account"] {
            let response = browser.post(path, &[("chatBoxId", "cb_unknown")]).await;
            assert_eq!(response.status, 404, "{path}");
        }
    }
}

#[tokio::test]
async fn a_chat_box_named_twice_is_a_bad_request() {
    let app = TestApp::start().await;
    let browser = app.signed_in().await;
    for path in ["/login", "/handoff", "/forgot-password"] {
        let response = browser
            .get(&format!("{path}?chatBoxId=cb_demo&chatBoxId=cb_partner"))
            .await;
        assert_eq!(response.status, 400, "{path}");
    }
}

#[tokio::test]
async fn a_wrong_chat_box_signs_no_one_in() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    let form = [
        ("chatBoxId", "cb_unknown"),
        ("email", DANA),
        ("password", PASSWORD),
    ];
    let response = browser.post("/login", &form).await;
    assert_eq!(response.status, 404);
    assert!(response.set_cookies().is_empty());
}

#[tokio::test]
async fn a_chat_box_damaged_in_the_database_is_not_served() {
    let app = TestApp::start().await;
    app.execute("UPDATE chat_box_origins SET origin = '*' WHERE chat_box_id = 'cb_demo'")
        .await;
    let browser = app.signed_in().await;
    assert_eq!(browser.get("/login?chatBoxId=cb_demo").await.status, 404);
    assert_eq!(browser.get("/login?chatBoxId=cb_partner").await.status, 200);
}

#[tokio::test]
async fn without_a_chat_box_there_is_no_hand_off() {
    let app = TestApp::start().await;
    let response = app.signed_in().await.get("/handoff").await;
    assert_eq!((response.status, response.location()), (303, "/login"));
}
