//! A user who has signed in at a provider and then here is offered to connect the two.

use std::time::Duration;

use serde_json::{Value, json};

use super::{identities, issuer::Issuer, sign_in_as, users};
use crate::harness::{Browser, DANA, GOOD_PASSWORD, PASSWORD, RIVA, Response, TestApp};

const POPUP: &str = "chatBoxId=cb_demo&receipt=1";

/// Answers the question on the page at `location`, as its form does.
async fn response(browser: &Browser, location: &str, choice: &str) -> Response {
    let page = browser.get(location).await;
    assert_eq!(page.status, 200, "{location}");
    let form = page
        .body
        .split("action=\"/connect\"")
        .nth(1)
        .expect("the question");
    let hidden = form
        .split("</form>")
        .next()
        .unwrap()
        .split("type=\"hidden\"")
        .skip(1);
    let attribute = |tag: &str, name: &str| {
        let value = tag.split(&format!("{name}=\"")).nth(1).unwrap();
        value.split('"').next().unwrap().to_owned()
    };
    let fields: Vec<(String, String)> = hidden
        .map(|tag| (attribute(tag, "name"), attribute(tag, "value")))
        .chain([("connect".to_owned(), choice.to_owned())])
        .collect();
    let fields: Vec<(&str, &str)> = fields
        .iter()
        .map(|(name, value)| (&**name, &**value))
        .collect();
    browser.post("/connect", &fields).await
}

#[tokio::test]
async fn whatever_the_provider_says_about_the_address_there_is_no_loop() {
    for (name, claims) in [
        (
            "an unverified address",
            json!({ "email": DANA, "email_verified": false }),
        ),
        ("nothing about it", json!({ "email": DANA })),
        (
            "one for true",
            json!({ "email": DANA, "email_verified": "1" }),
        ),
        ("no address", json!({})),
        (
            "another address",
            json!({ "email": "else@example.test", "email_verified": false }),
        ),
    ] {
        let issuer = Issuer::start().await;
        let app = TestApp::start_with(&issuer.as_sso()).await;
        let mut user: Value = json!({ "sub": "dana-there", "name": "Dana" });
        user.as_object_mut()
            .unwrap()
            .extend(claims.as_object().unwrap().clone());
        let browser = app.anonymous();
        let there = issuer.signs_in(&app, &browser, "sso", &user).await;
        assert_eq!(there.location(), "/finish-account", "{name}");
        let form = [("email", DANA), ("display_name", "Dana")];
        browser.post("/finish-account", &form).await;
        assert!(app.mail_to(DANA, 0).await.contains("/login"));

        let here = browser.sign_in(DANA, PASSWORD).await;
        assert_eq!((here.status, here.location()), (303, "/connect"), "{name}");
        assert_eq!(identities(&app).await, 0, "not before the user agrees");
        let page = browser.get("/connect").await.body;
        assert!(
            page.contains("Example SSO") && page.contains(DANA),
            "{name}"
        );
        let connected = response(&browser, "/connect", "yes").await;
        assert_eq!(connected.location(), "/account", "{name}");
        assert_eq!(
            (users(&app).await, identities(&app).await),
            (2, 1),
            "{name}"
        );

        let elsewhere = app.anonymous();
        let again = issuer.signs_in(&app, &elsewhere, "sso", &user).await;
        assert_eq!(again.location(), "/account", "{name}");
        assert!(elsewhere.get("/account").await.body.contains("Dana Demo"));
        assert_eq!(
            browser.sign_in(DANA, PASSWORD).await.location(),
            "/signed-in",
            "asked once"
        );
    }
}

#[tokio::test]
async fn who_says_no_goes_on_and_is_not_asked_again() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    sign_in_as(&app, &browser, "umut-unverified").await;
    browser.sign_in(DANA, PASSWORD).await;
    assert_eq!(
        response(&browser, "/connect", "no").await.location(),
        "/account"
    );
    assert_eq!(identities(&app).await, 0);
    assert_eq!(browser.get("/connect").await.location(), "/account");
    browser.post("/connect", &[("connect", "yes")]).await;
    assert_eq!(
        identities(&app).await,
        0,
        "there is nothing left to connect"
    );
}

#[tokio::test]
async fn the_question_keeps_the_popups_flow() {
    for choice in ["yes", "no"] {
        let app = TestApp::start().await;
        let browser = app.anonymous();
        sign_in_as(&app, &browser, "umut-unverified").await;
        let form = [
            ("email", DANA),
            ("password", PASSWORD),
            ("chatBoxId", "cb_demo"),
            ("receipt", "1"),
        ];
        let here = browser.post("/login", &form).await;
        let question = format!("/connect?{POPUP}");
        assert_eq!(here.location(), question);
        let early = browser.get(&format!("/handoff?{POPUP}")).await;
        assert_eq!(
            early.location(),
            format!("/login?{POPUP}"),
            "nothing is handed over before"
        );
        let end = response(&browser, &question, choice).await;
        assert_eq!(end.location(), format!("/handoff?{POPUP}"));
        assert_eq!(browser.get(end.location()).await.status, 200);
    }
}

#[tokio::test]
async fn a_linked_provider_proves_the_account_as_well_as_a_password() {
    let issuer = Issuer::start().await;
    let app = TestApp::start_with(&issuer.as_google()).await;
    sign_in_as(&app, &app.anonymous(), "vera-verified").await;
    let browser = app.anonymous();
    let user = json!({ "sub": "vera-there", "name": "Vera" });
    issuer.signs_in(&app, &browser, "google", &user).await;
    let here = sign_in_as(&app, &browser, "vera-verified").await;
    assert_eq!(here.location(), "/connect");
    response(&browser, "/connect", "yes").await;
    assert_eq!((users(&app).await, identities(&app).await), (3, 2));
}

#[tokio::test]
async fn only_the_user_and_the_browser_that_were_asked_can_agree() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    sign_in_as(&app, &browser, "umut-unverified").await;
    browser.sign_in(DANA, PASSWORD).await;
    let other = app.signed_in_as(RIVA, PASSWORD).await;
    assert_eq!(other.get("/connect").await.location(), "/account");
    other.post("/connect", &[("connect", "yes")]).await;
    assert_eq!(app.anonymous().get("/connect").await.location(), "/login");

    // The page was rendered for another user.
    let form = [
        ("connect", "yes"),
        ("viewer", "0123456789abcdef0123456789abcdef"),
    ];
    assert_eq!(browser.post("/connect", &form).await.location(), "/login");
    let foreign = browser.request(reqwest::Method::POST, "/connect");
    let foreign = foreign.header("origin", "https://evil.test").form(&form);
    assert_eq!(browser.send(foreign).await.status, 403);
    assert_eq!(identities(&app).await, 0);

    app.clock.advance(Duration::from_secs(15 * 60));
    assert_eq!(
        browser.get("/connect").await.location(),
        "/account",
        "it is too late"
    );
}

#[tokio::test]
async fn what_already_signs_in_a_user_is_not_asked_about() {
    let app = TestApp::start().await;
    let waiting = app.anonymous();
    sign_in_as(&app, &waiting, "umut-unverified").await;
    let riva = app.signed_in_as(RIVA, PASSWORD).await;
    super::linking::link(&app, &riva, "umut-unverified").await;
    let here = waiting.sign_in(DANA, PASSWORD).await;
    assert_eq!(here.location(), "/account");
    assert_eq!(identities(&app).await, 1);
}

#[tokio::test]
async fn the_page_that_asks_for_an_address_leads_to_the_account_one_has() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    app.register("umut@people.example", GOOD_PASSWORD).await;
    sign_in_as(&app, &browser, "umut-unverified").await;
    let page = browser.get(&format!("/finish-account?{POPUP}")).await.body;
    assert!(page.contains("Already have an account? Sign in to connect it"));
    assert!(page.contains("href=\"/login?chatBoxId=cb_demo&amp;receipt=1\""));
}
