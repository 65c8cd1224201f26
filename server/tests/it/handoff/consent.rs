//! A signed-in user must consent before a chat box learns who they are. A consent is for one chat box and
//! expires soon.

use std::time::Duration;

use super::code::{CHALLENGE, FORM, code_in, codes};
use crate::harness::{DANA, PASSWORD, RIVA, TestApp};

const LOGIN: &str = "/login?chatBoxId=cb_demo";
const HANDOFF: &str = "/handoff?chatBoxId=cb_demo";

#[tokio::test]
async fn a_signed_in_user_is_asked_by_name() {
    let app = TestApp::start().await;
    let browser = app.signed_in().await;
    let page = browser.get(LOGIN).await;
    assert_eq!(page.status, 200);
    assert!(page.body.contains("Dana Demo") && page.body.contains("action=\"/continue\""));
    assert!(page.body.contains("action=\"/switch-account\""));
    assert!(!page.body.contains("data-handoff"));
}

#[tokio::test]
async fn a_link_to_the_last_page_is_no_consent() {
    let app = TestApp::start().await;
    let browser = app.signed_in().await;
    let response = browser.get(HANDOFF).await;
    assert_eq!((response.status, response.location()), (303, LOGIN));
    browser
        .post("/continue", &[("chatBoxId", "cb_partner")])
        .await;
    let response = browser.get(HANDOFF).await;
    assert_eq!(
        (response.status, response.location()),
        (303, LOGIN),
        "of another chat box"
    );
}

#[tokio::test]
async fn a_consent_ends_after_five_minutes() {
    let app = TestApp::start().await;
    let browser = app.signed_in().await;
    browser.post("/continue", &[("chatBoxId", "cb_demo")]).await;
    app.clock.advance(Duration::from_secs(5 * 60 - 1));
    assert_eq!(browser.get(HANDOFF).await.status, 200);
    app.clock.advance(Duration::from_secs(1));
    assert_eq!(browser.get(HANDOFF).await.location(), LOGIN);
}

#[tokio::test]
async fn a_page_that_was_rendered_for_another_user_hands_no_one_over() {
    let app = TestApp::start().await;
    let browser = app.signed_in().await;
    let page = browser.get(LOGIN).await.body;
    let dana = page.split_once("name=\"viewer\" value=\"").unwrap().1;
    let stale = [FORM.as_slice(), &[("viewer", &dana[..32])]].concat();
    browser.post("/logout", &[]).await;
    browser.sign_in(RIVA, PASSWORD).await;

    let login = format!("{LOGIN}&challenge={CHALLENGE}");
    let response = browser.post("/continue", &stale).await;
    assert_eq!(
        (response.status, response.location()),
        (303, login.as_str())
    );
    assert_eq!(browser.get(HANDOFF).await.location(), LOGIN);

    let agreed = browser.post("/continue", &FORM).await;
    assert_eq!(browser.get(agreed.location()).await.status, 200);
    let response = browser.post("/handoff/code", &stale).await;
    assert_eq!(
        (response.status, response.location()),
        (303, login.as_str())
    );
    assert_eq!(codes(&app).await, 0);
    code_in(&browser.post("/handoff/code", &FORM).await);
}

#[tokio::test]
async fn a_consent_does_not_outlive_the_sign_in() {
    let app = TestApp::start().await;
    let browser = app.signed_in().await;
    browser.post("/continue", &[("chatBoxId", "cb_demo")]).await;
    browser.post("/logout", &[]).await;
    assert_eq!(browser.get(HANDOFF).await.location(), LOGIN);
    browser.sign_in(DANA, PASSWORD).await;
    assert_eq!(browser.get(HANDOFF).await.location(), LOGIN);
}

#[tokio::test]
async fn a_stranger_who_agrees_signs_in_first_and_keeps_the_flow() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    let form = [
        ("chatBoxId", "cb_demo"),
        ("receipt", "1"),
        ("challenge", CHALLENGE),
    ];
    let query = format!("chatBoxId=cb_demo&receipt=1&challenge={CHALLENGE}");
    let response = browser.post("/continue", &form).await;
    let login = format!("/login?{query}");
    assert_eq!(
        (response.status, response.location()),
        (303, login.as_str())
    );
    let page = browser.get(&login).await;
    for field in [
        "name=\"chatBoxId\" value=\"cb_demo\"",
        "name=\"receipt\" value=\"1\"",
        &format!("name=\"challenge\" value=\"{CHALLENGE}\""),
    ] {
        assert!(page.body.contains(field), "{field}");
    }
    let form = [&form[..], &[("email", DANA), ("password", PASSWORD)]].concat();
    let response = browser.sign_in_by(&form).await;
    assert_eq!(response.location(), format!("/handoff?{query}"));
    let page = browser.get(response.location()).await;
    assert!(page.body.contains("data-receipt=\"1\"") && page.body.contains(CHALLENGE));
}

#[tokio::test]
async fn the_flow_survives_a_wrong_password_and_the_way_over_other_pages() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    let form = [
        ("chatBoxId", "cb_demo"),
        ("email", DANA),
        ("password", "wrong wrong wrong"),
    ];
    let pages = [
        browser.post("/login", &form).await,
        browser.get("/register?chatBoxId=cb_demo").await,
        browser.get("/forgot-password?chatBoxId=cb_demo").await,
        browser.post("/forgot-password", &form).await,
        browser.post("/register", &form).await,
    ];
    for page in pages {
        let field = page.body.contains("name=\"chatBoxId\" value=\"cb_demo\"");
        let link = page.body.contains("?chatBoxId=cb_demo");
        assert!(field || link, "{}", page.body);
        assert!(
            !page.body.contains("href=\"/login\""),
            "a link out of the flow: {}",
            page.body
        );
    }
}

#[tokio::test]
async fn switching_the_account_ends_the_session_and_keeps_the_flow() {
    let app = TestApp::start().await;
    let browser = app.signed_in().await;
    browser.post("/continue", &[("chatBoxId", "cb_demo")]).await;
    let response = browser
        .post("/switch-account", &[("chatBoxId", "cb_demo")])
        .await;
    assert_eq!((response.status, response.location()), (303, LOGIN));
    assert!(!browser.is_signed_in().await);
    assert_eq!(app.count("SELECT COUNT(*) FROM sessions").await, 0);
}

#[tokio::test]
async fn as_configured_a_signed_in_user_goes_straight_through() {
    let app = TestApp::start_with(&[("LATCHKEY_POPUP_CONTINUE", "straight")]).await;
    let browser = app.signed_in().await;
    let response = browser.get(LOGIN).await;
    assert_eq!((response.status, response.location()), (303, HANDOFF));
    assert_eq!(browser.get(HANDOFF).await.status, 200);
    assert_eq!(app.anonymous().get(LOGIN).await.status, 200);
}

#[tokio::test]
async fn two_popups_keep_their_consents_apart() {
    let app = TestApp::start().await;
    let browser = app.signed_in().await;
    for id in ["cb_demo", "cb_partner"] {
        let response = browser.post("/continue", &[("chatBoxId", id)]).await;
        assert_eq!(response.status, 303);
    }
    for id in ["cb_demo", "cb_partner"] {
        let page = browser.get(&format!("/handoff?chatBoxId={id}")).await;
        assert_eq!(page.status, 200, "{id}: {}", page.location());
    }
}
