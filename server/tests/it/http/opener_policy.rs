//! Which responses sever the popup from its opener. One response with a severing value does so for good, so
//! the pages of the popup have no such header, errors and redirects included.

use reqwest::Method;

use super::routes::MUTATING;
use crate::harness::{Browser, Response, TestApp};

const POPUP: [&str; 14] = [
    "/check-mail",
    "/login",
    "/signed-in",
    "/register",
    "/forgot-password",
    "/continue",
    "/switch-account",
    "/handoff",
    "/handoff/code",
    "/finish-account",
    "/connect",
    "/oauth/sso/start",
    "/oauth/sso/callback",
    "/oauth/sso/link",
];

fn policy(response: &Response) -> &str {
    response.header("cross-origin-opener-policy")
}

/// All responses of a path: with and without a popup, to a form, from another origin.
async fn every_answer(browser: &Browser, path: &str) -> Vec<Response> {
    let with_popup = format!("{path}?chatBoxId=cb_demo");
    let unknown = format!("{path}?chatBoxId=cb_unknown");
    let twice = format!("{path}?chatBoxId=cb_demo&chatBoxId=cb_demo");
    let evil = browser.request(Method::GET, &with_popup);
    vec![
        browser.get(path).await,
        browser.get(&with_popup).await,
        browser.get(&unknown).await,
        browser.get(&twice).await,
        browser
            .send(evil.header("referer", "https://evil.test/"))
            .await,
        browser.post(path, &[("chatBoxId", "cb_demo")]).await,
        browser.post(path, &[("chatBoxId", "cb_unknown")]).await,
        browser.send(browser.request(Method::POST, path)).await,
        browser
            .send(browser.own_page(browser.request(Method::PUT, path)))
            .await,
    ]
}

#[tokio::test]
async fn no_page_of_the_popup_cuts_itself_off() {
    let app = TestApp::start().await;
    for path in POPUP {
        for browser in [app.anonymous(), app.signed_in().await] {
            for response in every_answer(&browser, path).await {
                assert_eq!(policy(&response), "", "{path}: {}", response.status);
            }
        }
    }
}

#[tokio::test]
async fn everything_else_of_the_login_is_cut_off_from_its_opener() {
    let app = TestApp::start().await;
    let others = [
        "/",
        "/account",
        "/nowhere",
        "/login/",
        "/LOGIN",
        "/pkg/none.js",
        "/api/none",
    ];
    let forms = MUTATING.into_iter().filter(|path| !POPUP.contains(path));
    for path in forms.chain(others) {
        let browser = app.signed_in().await;
        for response in every_answer(&browser, path).await {
            assert_eq!(
                policy(&response),
                "same-origin",
                "{path}: {}",
                response.status
            );
        }
    }
}

#[tokio::test]
async fn the_embedding_site_may_open_popups() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    for path in ["/", "/nowhere", "/login"] {
        let response = browser.get(&format!("{}{path}", app.site_origin())).await;
        assert_eq!(policy(&response), "same-origin-allow-popups", "{path}");
    }
}
