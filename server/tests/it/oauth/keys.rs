//! How long a provider's metadata and keys are cached, and how new keys are found.

use std::time::Duration;

use sandbox::sso::{Calls, DiscoveryFailure, IdTokenFault};

use super::{begin, problem, sign_in_as};
use crate::harness::{DANA, Log, PASSWORD, TestApp};

const MINUTE: Duration = Duration::from_secs(60);

fn calls(app: &TestApp) -> Calls {
    app.sandbox.sso().log().calls
}

async fn ends_at(app: &TestApp) -> String {
    let response = sign_in_as(app, &app.anonymous(), "vera-verified").await;
    response.location().to_owned()
}

#[tokio::test]
async fn no_page_asks_the_provider_for_anything() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    for path in ["/login", "/login?chatBoxId=cb_demo", "/register"] {
        assert_eq!(browser.get(path).await.status, 200);
    }
    assert_eq!(
        browser
            .get("/oauth/sso/callback?code=a&state=b")
            .await
            .status,
        400
    );
    browser.sign_in(DANA, PASSWORD).await;
    assert_eq!(browser.get("/account").await.status, 200);
    assert_eq!(calls(&app), Calls::default());
}

#[tokio::test]
async fn what_the_provider_says_about_itself_is_kept_for_an_hour() {
    let app = TestApp::start().await;
    for _ in 0..3 {
        assert_eq!(ends_at(&app).await, "/account");
    }
    assert_eq!((calls(&app).discovery, calls(&app).jwks), (1, 1));
    app.clock.advance(60 * MINUTE - Duration::from_secs(1));
    begin(&app.anonymous(), "/oauth/sso/start").await;
    assert_eq!(calls(&app).discovery, 1);
    app.clock.advance(Duration::from_secs(1));
    begin(&app.anonymous(), "/oauth/sso/start").await;
    assert_eq!((calls(&app).discovery, calls(&app).jwks), (2, 2));
}

#[tokio::test]
async fn new_keys_are_found_by_themselves() {
    let app = TestApp::start().await;
    assert_eq!(ends_at(&app).await, "/account");
    for rotation in 1..=2 {
        app.clock.advance(MINUTE);
        app.sandbox.sso().rotate_keys().unwrap();
        assert_eq!(ends_at(&app).await, "/account", "rotation {rotation}");
        assert_eq!((calls(&app).discovery, calls(&app).jwks), (1, 1 + rotation));
    }
}

#[tokio::test]
async fn unknown_keys_are_looked_up_once_a_minute_at_most() {
    let app = TestApp::start().await;
    assert_eq!(ends_at(&app).await, "/account");
    app.sandbox.sso().change(IdTokenFault::UnknownKid);
    for minute in 1..=2 {
        for _ in 0..5 {
            let response = sign_in_as(&app, &app.anonymous(), "vera-verified").await;
            assert_eq!(problem(&response), "provider-failed");
        }
        assert_eq!(calls(&app).jwks, 1 + minute);
        app.clock.advance(MINUTE);
    }
}

#[tokio::test]
async fn after_the_clock_was_set_back_the_document_is_kept_for_an_hour_from_then() {
    let app = TestApp::start().await;
    begin(&app.anonymous(), "/oauth/sso/start").await;
    app.clock.set_back(24 * 60 * MINUTE);
    for (wait, fetched) in [(0, 2), (59, 2), (1, 3)] {
        app.clock.advance(wait * MINUTE);
        begin(&app.anonymous(), "/oauth/sso/start").await;
        assert_eq!(
            (calls(&app).discovery, calls(&app).jwks),
            (fetched, fetched)
        );
    }
}

#[tokio::test]
async fn after_the_clock_was_set_back_no_failure_counts_as_recent() {
    let app = TestApp::start().await;
    app.sandbox.sso().change(DiscoveryFailure::Unavailable);
    let response = app.anonymous().get("/oauth/sso/start").await;
    assert_eq!(problem(&response), "provider-unavailable");
    app.sandbox.sso().reset();
    app.clock.set_back(60 * MINUTE);
    begin(&app.anonymous(), "/oauth/sso/start").await;
}

#[tokio::test]
async fn after_the_clock_was_set_back_unknown_keys_are_looked_up() {
    let app = TestApp::start().await;
    assert_eq!(ends_at(&app).await, "/account");
    app.sandbox.sso().change(IdTokenFault::UnknownKid);
    app.clock.advance(10 * MINUTE);
    ends_at(&app).await;
    assert_eq!(calls(&app).jwks, 2);
    app.clock.set_back(9 * MINUTE);
    ends_at(&app).await;
    assert_eq!((calls(&app).discovery, calls(&app).jwks), (1, 3));
}

#[tokio::test]
async fn an_issuer_in_another_spelling_is_a_clear_word_to_the_operator() {
    let log = Log::capture();
    let app = TestApp::start().await;
    let spelling = format!("{}/", app.sandbox.sso().issuer());
    let (browser, _tasks) = app.restarted(&[("OAUTH_SSO_ISSUER", &spelling)]).await;
    let response = browser.get("/oauth/sso/start").await;
    assert_eq!(problem(&response), "provider-misconfigured");
    let text = log.text();
    let line = text.lines().find(|line| line.contains("calls itself"));
    let line = line.expect("a line in the log");
    assert!(line.contains(&format!("not {spelling}")), "{line}");
}
