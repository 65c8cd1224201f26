//! A user whose provider verifies no address enters one and confirms it by mail.

use std::time::Duration;

use super::{assert_no_one, begin, choose, identities, sign_in_as, users};
use crate::harness::{Browser, DANA, GOOD_PASSWORD, PASSWORD, Response, TestApp, token_in};

const ADA: &str = "ada@example.test";

async fn finish(browser: &Browser, email: &str) -> Response {
    let form = [("email", email), ("display_name", "Ada")];
    browser.post("/finish-account", &form).await
}

/// Signs in at the provider as a persona and enters an address. Returns the token in the mail.
async fn asked_for(app: &TestApp, persona: &str, email: &str) -> String {
    let browser = app.anonymous();
    sign_in_as(app, &browser, persona).await;
    let already = app.mails_to(email).await;
    assert_eq!(finish(&browser, email).await.status, 200);
    token_in(&app.mail_to(email, already).await)
}

async fn confirm(browser: &Browser, token: &str) -> u16 {
    browser
        .post("/verify-email", &[("token", token)])
        .await
        .status
}

#[tokio::test]
async fn the_address_is_confirmed_and_then_the_provider_signs_in() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    sign_in_as(&app, &browser, "nora-nomail").await;
    let page = browser.get("/finish-account").await;
    assert_eq!(page.status, 200);
    assert!(page.body.contains("value=\"Nora Nomail\"") && page.body.contains("Example SSO"));
    let sent = finish(&browser, ADA).await;
    assert!(sent.status == 200 && sent.body.contains(ADA));
    assert_no_one(&app, &browser, "an address that is not confirmed").await;
    let again = sign_in_as(&app, &browser, "nora-nomail").await;
    assert_eq!(
        again.location(),
        "/finish-account",
        "not before it is confirmed"
    );

    let token = token_in(&app.mail_to(ADA, 0).await);
    assert_eq!(confirm(&app.anonymous(), &token).await, 303);
    assert_eq!((users(&app).await, identities(&app).await), (3, 1));
    let response = sign_in_as(&app, &browser, "nora-nomail").await;
    assert_eq!(response.location(), "/account");
    let account = browser.get("/account").await.body;
    assert!(account.contains(ADA) && account.contains("Ada"));
    assert_eq!(browser.sign_in(ADA, GOOD_PASSWORD).await.status, 401);
}

#[tokio::test]
async fn anyone_who_confirms_is_asked_whether_they_came_from_the_provider() {
    let app = TestApp::start().await;
    let token = asked_for(&app, "umut-unverified", ADA).await;
    let browser = app.anonymous();
    let page = browser
        .get(&format!("/verify-email?token={token}"))
        .await
        .body;
    let words = "Someone used Example SSO to create an account";
    assert!(page.contains(words), "{page}");
    assert!(
        !page.contains("umut@"),
        "what is not proved vouches for nothing"
    );
}

#[tokio::test]
async fn the_mail_links_who_asked_for_it_regardless_of_who_clicks() {
    let app = TestApp::start().await;
    let token = asked_for(&app, "nora-nomail", ADA).await;
    let other = app.anonymous();
    sign_in_as(&app, &other, "umut-unverified").await;
    assert_eq!(confirm(&other, &token).await, 303);
    let subject = "SELECT COUNT(*) FROM identities WHERE subject = 'nora-nomail'";
    assert_eq!((identities(&app).await, app.count(subject).await), (1, 1));
    let response = sign_in_as(&app, &other, "umut-unverified").await;
    assert_eq!(response.location(), "/finish-account");
}

#[tokio::test]
async fn the_address_of_an_account_gives_nothing_but_a_mail_to_its_owner() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    sign_in_as(&app, &browser, "mika-masquerade").await;
    assert_eq!(finish(&browser, DANA).await.status, 200);
    let mail = app.mail_to(DANA, 0).await;
    assert!(!mail.contains("token="), "{mail}");
    assert_no_one(&app, &browser, "Dana's address").await;
    browser.sign_in(DANA, PASSWORD).await;
    assert_eq!(
        identities(&app).await,
        0,
        "what was not proved is not linked"
    );
}

#[tokio::test]
async fn the_first_to_confirm_an_address_has_it_alone() {
    let app = TestApp::start().await;
    let password = app.registration_token(ADA, GOOD_PASSWORD).await;
    let nora = asked_for(&app, "nora-nomail", ADA).await;
    let umut = asked_for(&app, "umut-unverified", ADA).await;
    let browser = app.anonymous();
    assert_eq!(confirm(&browser, &nora).await, 303);
    for late in [&password, &umut, &nora] {
        assert_eq!(confirm(&browser, late).await, 410);
    }
    assert_eq!(browser.sign_in(ADA, GOOD_PASSWORD).await.status, 401);
    assert_eq!((users(&app).await, identities(&app).await), (3, 1));
}

#[tokio::test]
async fn who_has_registered_with_a_password_still_learns_what_is_missing() {
    let app = TestApp::start().await;
    app.registration_token(ADA, GOOD_PASSWORD).await;
    let browser = app.anonymous();
    let before = browser.sign_in(ADA, GOOD_PASSWORD).await;
    let wrong = browser.sign_in(ADA, "not the password").await;
    app.clock.advance(Duration::from_millis(1));
    asked_for(&app, "nora-nomail", ADA).await;
    let after = browser.sign_in(ADA, GOOD_PASSWORD).await;
    assert_eq!(after.body, before.body);
    assert_ne!(after.body, wrong.body);
}

#[tokio::test]
async fn one_identity_gets_one_account_however_many_addresses_it_tells() {
    let app = TestApp::start().await;
    let first = asked_for(&app, "nora-nomail", ADA).await;
    let second = asked_for(&app, "nora-nomail", "bea@example.test").await;
    let browser = app.anonymous();
    assert_eq!(confirm(&browser, &first).await, 303);
    assert_eq!(confirm(&browser, &second).await, 410);
    assert_eq!((users(&app).await, identities(&app).await), (3, 1));
}

#[tokio::test]
async fn without_an_identity_that_waits_there_is_nothing_to_finish() {
    let app = TestApp::start().await;
    let stranger = app.anonymous();
    let late = app.anonymous();
    sign_in_as(&app, &late, "nora-nomail").await;
    app.clock.advance(Duration::from_secs(15 * 60));
    for browser in [stranger, late] {
        let page = browser.get("/finish-account?chatBoxId=cb_demo").await;
        assert_eq!(page.location(), "/login?chatBoxId=cb_demo");
        assert_eq!(finish(&browser, ADA).await.location(), "/login");
    }
    assert_eq!(app.mails_to(ADA).await, 0);
}

#[tokio::test]
async fn what_cannot_be_used_is_shown_again_with_what_was_typed() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    let url = begin(&browser, "/oauth/sso/start?chatBoxId=cb_demo").await;
    let response = browser.get(&choose(&app, &url, "nora-nomail").await).await;
    assert_eq!(response.location(), "/finish-account?chatBoxId=cb_demo");
    for (email, name) in [
        ("unknown", "Ada"),
        ("", "Ada"),
        (ADA, " "),
        (ADA, &"x".repeat(1000)),
    ] {
        let form = [
            ("email", email),
            ("display_name", name),
            ("chatBoxId", "cb_demo"),
        ];
        let page = browser.post("/finish-account", &form).await;
        assert_eq!(page.status, 422, "{email} {name}");
        assert!(page.body.contains("name=\"chatBoxId\" value=\"cb_demo\""));
        assert!(page.body.contains(&format!("value=\"{email}\"")), "{email}");
    }
    let form = [
        ("email", ADA),
        ("display_name", "Ada"),
        ("chatBoxId", "cb_demo"),
    ];
    let sent = browser.post("/finish-account", &form).await;
    assert!(sent.status == 200 && sent.body.contains("?chatBoxId=cb_demo"));
}

#[tokio::test]
async fn who_asks_too_often_waits() {
    let app = TestApp::start_with(&[("LATCHKEY_LIMIT_FORM_BURST", "1")]).await;
    let browser = app.anonymous();
    sign_in_as(&app, &browser, "nora-nomail").await;
    assert_eq!(finish(&browser, ADA).await.status, 200);
    let response = finish(&browser, ADA).await;
    assert_eq!(response.status, 429);
    assert!(!response.header("retry-after").is_empty());
    assert_eq!(app.mails_to(ADA).await, 1);
}
