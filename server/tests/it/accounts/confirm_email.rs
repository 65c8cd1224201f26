//! The link in the mail that confirms an address.

use std::time::Duration;

use crate::{
    harness::{Browser, GOOD_PASSWORD, Response, TestApp},
    vendors,
};

const ADA: &str = "ada@example.test";

async fn confirm(browser: &Browser, token: &str) -> Response {
    browser.post("/verify-email", &[("token", token)]).await
}

#[tokio::test]
async fn a_confirmed_account_can_sign_in_and_no_one_is_signed_in_by_the_link() {
    let app = TestApp::start().await;
    let token = app.registration_token(ADA, GOOD_PASSWORD).await;
    let browser = app.anonymous();
    let response = confirm(&browser, &token).await;
    assert_eq!(
        (response.status, response.location()),
        (303, "/login?notice=email-verified")
    );
    assert!(response.set_cookies().is_empty());
    let page = browser.get("/login?notice=email-verified").await;
    assert!(page.body.contains("Email address confirmed"));
    let ada = app.signed_in_as(ADA, GOOD_PASSWORD).await;
    vendors::all_answer(&ada, 200).await;
}

#[tokio::test]
async fn of_two_parallel_clicks_one_makes_the_account() {
    let app = TestApp::start().await;
    let token = app.registration_token(ADA, GOOD_PASSWORD).await;
    let browser = app.anonymous();
    let (one, other) = tokio::join!(confirm(&browser, &token), confirm(&browser, &token));
    let mut statuses = [one.status, other.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 410]);
    assert_eq!(app.count("SELECT COUNT(*) FROM users").await, 3);
}

#[tokio::test]
async fn a_link_works_for_a_day() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    let day = Duration::from_secs(24 * 60 * 60);
    let token = app.registration_token(ADA, GOOD_PASSWORD).await;
    app.clock.advance(day);
    assert_eq!(
        browser
            .get(&format!("/verify-email?token={token}"))
            .await
            .status,
        410
    );
    assert_eq!(confirm(&browser, &token).await.status, 410);
    let page = browser.sign_in(ADA, GOOD_PASSWORD).await.body;
    assert!(page.contains("Incorrect email or password"));

    let token = app.registration_token(ADA, GOOD_PASSWORD).await;
    app.clock.advance(day - Duration::from_millis(1));
    assert_eq!(confirm(&browser, &token).await.status, 303);
}

#[tokio::test]
async fn what_is_no_living_token_makes_no_account() {
    let app = TestApp::start().await;
    let token = app.registration_token(ADA, GOOD_PASSWORD).await;
    let browser = app.anonymous();
    for wrong in ["", &token[..20], &format!("{token}A"), "' OR 1=1 --", "\0"] {
        assert_eq!(confirm(&browser, wrong).await.status, 410, "{wrong:?}");
    }
    assert_eq!(browser.get("/verify-email").await.status, 410);
    assert_eq!(app.count("SELECT COUNT(*) FROM users").await, 2);
}

#[tokio::test]
async fn the_link_of_another_attempt_is_dead_once_the_address_is_confirmed() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    let first = app.registration_token(ADA, "the first long secret").await;
    let second = app.registration_token(ADA, GOOD_PASSWORD).await;
    assert_eq!(confirm(&browser, &second).await.status, 303);
    let page = browser.get(&format!("/verify-email?token={first}")).await;
    assert_eq!(page.status, 410);
    assert_eq!(confirm(&browser, &first).await.status, 410);
    app.signed_in_as(ADA, GOOD_PASSWORD).await;
}
