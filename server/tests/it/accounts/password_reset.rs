//! Choosing a new password by a mailed link.

use std::time::Duration;

use reqwest::Method;

use crate::harness::{Browser, DANA, GOOD_PASSWORD, PASSWORD, RIVA, Response, TestApp, token_in};

const OTHER_PASSWORD: &str = "nine green herons by noon";

async fn reset(browser: &Browser, token: &str, password: &str) -> Response {
    let form = [("token", token), ("new_password", password)];
    browser.post("/reset-password", &form).await
}

#[tokio::test]
async fn a_reset_ends_every_session_signs_no_one_in_and_tells_the_owner() {
    let app = TestApp::start().await;
    let (laptop, phone) = (app.signed_in().await, app.signed_in().await);
    let riva = app.signed_in_as(RIVA, PASSWORD).await;
    let token = app.reset_token(DANA).await;
    let browser = app.anonymous();
    let response = reset(&browser, &token, GOOD_PASSWORD).await;
    assert_eq!(
        (response.status, response.location()),
        (303, "/login?notice=password-reset")
    );
    assert!(response.set_cookies().is_empty());
    assert!(!laptop.is_signed_in().await && !phone.is_signed_in().await);
    assert!(riva.is_signed_in().await);
    assert!(!app.mail_to(DANA, 1).await.contains("token="));
    assert_eq!(browser.sign_in(DANA, PASSWORD).await.status, 401);
    assert_eq!(browser.sign_in(DANA, GOOD_PASSWORD).await.status, 303);
    assert_eq!(reset(&browser, &token, OTHER_PASSWORD).await.status, 410);
}

#[tokio::test]
async fn the_link_goes_to_the_accounts_own_address_however_it_was_typed() {
    let app = TestApp::start().await;
    let typed = "DEMO@Latchkey.Localhost";
    app.anonymous()
        .post("/forgot-password", &[("email", typed)])
        .await;
    assert_eq!(app.mails_to(DANA).await, 1);
    assert_eq!(app.sandbox.mailbox().messages_for(DANA)[0].to, [DANA]);
}

#[tokio::test]
async fn of_two_parallel_redemptions_one_wins() {
    let app = TestApp::start().await;
    let token = app.reset_token(DANA).await;
    let (one, other) = (app.anonymous(), app.anonymous());
    let (first, second) = tokio::join!(
        reset(&one, &token, GOOD_PASSWORD),
        reset(&other, &token, OTHER_PASSWORD)
    );
    let (winner, loser) = match (first.status, second.status) {
        (303, 410) => (GOOD_PASSWORD, OTHER_PASSWORD),
        (410, 303) => (OTHER_PASSWORD, GOOD_PASSWORD),
        statuses => panic!("{statuses:?}"),
    };
    assert_eq!(one.sign_in(DANA, loser).await.status, 401);
    assert_eq!(one.sign_in(DANA, winner).await.status, 303);
    assert_eq!(app.mails_to(DANA).await, 2);
}

#[tokio::test]
async fn a_link_works_for_an_hour() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    let hour = Duration::from_secs(60 * 60);
    let token = app.reset_token(DANA).await;
    app.clock.advance(hour);
    assert_eq!(
        browser
            .get(&format!("/reset-password?token={token}"))
            .await
            .status,
        410
    );
    assert_eq!(reset(&browser, &token, GOOD_PASSWORD).await.status, 410);
    let token = app.reset_token(DANA).await;
    app.clock.advance(hour - Duration::from_millis(1));
    assert_eq!(reset(&browser, &token, GOOD_PASSWORD).await.status, 303);
}

#[tokio::test]
async fn a_newer_link_voids_the_older() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    let older = app.reset_token(DANA).await;
    let newer = app.reset_token(DANA).await;
    assert_eq!(reset(&browser, &older, GOOD_PASSWORD).await.status, 410);
    assert_eq!(reset(&browser, &newer, GOOD_PASSWORD).await.status, 303);
}

#[tokio::test]
async fn what_is_no_living_token_changes_nothing() {
    let app = TestApp::start().await;
    let token = app.reset_token(DANA).await;
    let browser = app.anonymous();
    let last = if token.ends_with('A') { "B" } else { "A" };
    let flipped = format!("{}{last}", &token[..token.len() - 1]);
    for wrong in [
        "",
        " ",
        &flipped,
        &token[..20],
        &format!("{token} "),
        "../../etc/passwd",
        "' OR 1=1 --",
        "\0",
        &"x".repeat(10_000),
    ] {
        let response = reset(&browser, wrong, GOOD_PASSWORD).await;
        assert_eq!(response.status, 410, "{wrong:?}");
        let page = browser
            .send(
                browser
                    .request(Method::GET, "/reset-password")
                    .query(&[("token", wrong)]),
            )
            .await;
        assert_eq!(page.status, 410, "{wrong:?}");
    }
    let no_token = browser
        .post("/reset-password", &[("new_password", GOOD_PASSWORD)])
        .await;
    assert_eq!(no_token.status, 410);
    assert_eq!(browser.get("/reset-password").await.status, 410);
    assert_eq!(browser.get("/reset-password?token=%ff").await.status, 400);
    app.signed_in().await;
}

#[tokio::test]
async fn the_link_is_built_from_the_configuration() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    let request = browser
        .own_page(browser.request(Method::POST, "/forgot-password"))
        .header("x-forwarded-host", "evil.test")
        .header("x-forwarded-proto", "https")
        .header("forwarded", "host=evil.test")
        .form(&[("email", DANA)]);
    assert_eq!(browser.send(request).await.status, 200);
    let mail = app.mail_to(DANA, 0).await;
    let link = format!("{}/reset-password?token=", app.login_origin());
    assert!(mail.contains(&link) && !mail.contains("evil"), "{mail}");

    let foreign = browser
        .own_page(browser.request(Method::POST, "/forgot-password"))
        .header("host", "evil.test")
        .form(&[("email", DANA)]);
    assert_eq!(browser.send(foreign).await.status, 421);
    assert_eq!(app.mails_to(DANA).await, 1);
}

#[tokio::test]
async fn looking_at_a_link_does_not_use_it_up() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    let reset_token = app.reset_token(DANA).await;
    let verify_token = app
        .registration_token("ada@example.test", GOOD_PASSWORD)
        .await;
    for path in [
        format!("/reset-password?token={reset_token}"),
        format!("/verify-email?token={verify_token}"),
    ] {
        for method in [Method::GET, Method::HEAD, Method::GET] {
            let scanner = browser
                .request(method, &path)
                .header("sec-purpose", "prefetch");
            assert_eq!(browser.send(scanner).await.status, 200, "{path}");
        }
    }
    assert_eq!(
        reset(&browser, &reset_token, OTHER_PASSWORD).await.status,
        303
    );
    let verified = browser
        .post("/verify-email", &[("token", &verify_token)])
        .await;
    assert_eq!(verified.status, 303);
}

#[tokio::test]
async fn a_secret_for_one_purpose_serves_no_other() {
    let app = TestApp::start().await;
    let riva = app.signed_in_as(RIVA, PASSWORD).await;
    let reset_token = app.reset_token(DANA).await;
    let verify_token = app
        .registration_token("ada@example.test", GOOD_PASSWORD)
        .await;
    let session = riva.session();
    let browser = app.anonymous();
    for wrong in [&verify_token, &session] {
        assert_eq!(reset(&browser, wrong, OTHER_PASSWORD).await.status, 410);
    }
    for wrong in [&reset_token, &session] {
        let response = browser.post("/verify-email", &[("token", wrong)]).await;
        assert_eq!(response.status, 410);
    }
    for wrong in [&reset_token, &verify_token] {
        browser.set_cookie("latchkey", wrong);
        assert!(!browser.is_signed_in().await);
    }
    assert_eq!(app.count("SELECT COUNT(*) FROM users").await, 2);
}

#[tokio::test]
async fn pages_with_a_secret_in_their_address_pass_it_to_no_one() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    let reset_token = app.reset_token(DANA).await;
    let verify_token = app
        .registration_token("ada@example.test", GOOD_PASSWORD)
        .await;
    for path in [
        format!("/reset-password?token={reset_token}"),
        format!("/verify-email?token={verify_token}"),
        "/reset-password?token=gone".to_owned(),
    ] {
        let page = browser.get(&path).await;
        assert_eq!(page.header("referrer-policy"), "same-origin");
        assert_eq!(page.header("cache-control"), "no-store, no-transform");
    }
}

#[tokio::test]
async fn a_refused_password_does_not_use_the_link_up() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    let token = app.reset_token(DANA).await;
    for (password, reason) in [
        ("", "Fill in this field"),
        ("too short", "Use at least 15 characters"),
        (DANA, "too similar to your name"),
        ("correcthorsebatterystaple1", "This password is too common"),
    ] {
        let response = reset(&browser, &token, password).await;
        assert_eq!(response.status, 422, "{password}");
        assert!(response.body.contains(reason), "{password}");
    }
    assert_eq!(reset(&browser, &token, GOOD_PASSWORD).await.status, 303);
}

#[tokio::test]
async fn a_link_of_a_disabled_account_does_not_work() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    let token = app.reset_token(DANA).await;
    app.execute("UPDATE users SET disabled_at = 1").await;
    assert_eq!(reset(&browser, &token, GOOD_PASSWORD).await.status, 410);
    app.execute("UPDATE users SET disabled_at = NULL").await;
    app.signed_in().await;
}

#[tokio::test]
async fn an_account_without_a_password_gets_its_first_by_a_reset() {
    let app = TestApp::start().await;
    app.execute("UPDATE users SET password_hash = NULL").await;
    let browser = app.anonymous();
    browser.post("/forgot-password", &[("email", DANA)]).await;
    let token = token_in(&app.mail_to(DANA, 0).await);
    assert_eq!(reset(&browser, &token, GOOD_PASSWORD).await.status, 303);
    app.signed_in_as(DANA, GOOD_PASSWORD).await;
}
