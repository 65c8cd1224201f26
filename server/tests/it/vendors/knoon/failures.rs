//! Every failure of the vendor, and that none results in a partial credential.

use sandbox::knoon::{Failure, SettingsChange};

use super::{ask, assert_refused};
use crate::harness::{TestApp, free_address};

#[tokio::test]
async fn no_failure_of_the_vendor_gives_data_and_all_of_them_pass() {
    let app = TestApp::start().await;
    let browser = app.signed_in().await;
    for (failure, status, word) in [
        (Failure::Unauthorized, 500, "server_error"),
        (Failure::BadRequest, 400, "bad_request"),
        (Failure::ServerError, 500, "server_error"),
        (Failure::Empty, 400, "bad_request"),
        (Failure::Malformed, 500, "server_error"),
        (Failure::Huge, 500, "server_error"),
    ] {
        let already = app.sandbox.knoon().exchanges().len();
        app.sandbox.knoon().set_failure(failure);
        assert_refused(&ask(&browser, "cb_demo").await, status, word);
        let tries = app.sandbox.knoon().exchanges().len() - already;
        assert_eq!(tries, 1, "{failure:?} was tried again");
        app.sandbox.knoon().set_failure(Failure::None);
        assert_eq!(
            ask(&browser, "cb_demo").await.status,
            200,
            "after {failure:?}"
        );
    }
}

#[tokio::test]
async fn a_vendor_that_is_too_slow_is_not_waited_for() {
    let app = TestApp::start_with(&[("KNOON_TIMEOUT_MS", "200")]).await;
    let browser = app.signed_in().await;
    app.sandbox.knoon().change(&SettingsChange {
        failure: Some(Failure::Slow),
        slow_milliseconds: Some(60_000),
        ..SettingsChange::default()
    });
    assert_refused(&ask(&browser, "cb_demo").await, 500, "server_error");
}

#[tokio::test]
async fn a_vendor_that_is_slow_within_its_time_is_waited_for() {
    let app = TestApp::start().await;
    let browser = app.signed_in().await;
    app.sandbox.knoon().change(&SettingsChange {
        failure: Some(Failure::Slow),
        slow_milliseconds: Some(200),
        ..SettingsChange::default()
    });
    assert_eq!(ask(&browser, "cb_demo").await.status, 200);
}

#[tokio::test]
async fn a_vendor_that_is_down_stops_only_its_own_endpoint() {
    let unknown = format!("http://{}", free_address());
    let app = TestApp::start_with(&[("KNOON_API_URL", &unknown)]).await;
    let browser = app.signed_in().await;
    assert_refused(&ask(&browser, "cb_demo").await, 500, "server_error");
    assert_eq!(browser.get("/account").await.status, 200);
    assert_eq!(browser.get("/health/ready").await.status, 200);
}

#[tokio::test]
async fn a_wrong_key_is_our_mistake_and_is_never_shown() {
    let app = TestApp::start_with(&[("KNOON_API_KEY", "canary-of-a-key")]).await;
    let response = ask(&app.signed_in().await, "cb_demo").await;
    assert_refused(&response, 500, "server_error");
    assert!(!format!("{response:?}").contains("canary"));
}

#[tokio::test]
async fn one_failure_does_not_end_the_consent_of_the_user() {
    let app = TestApp::start().await;
    let browser = app.signed_in().await;
    let flow = [("chatBoxId", "cb_demo")];
    assert_eq!(browser.post("/continue", &flow).await.status, 303);
    app.sandbox.knoon().set_failure(Failure::ServerError);
    assert_refused(&ask(&browser, "cb_demo").await, 500, "server_error");
    app.sandbox.knoon().set_failure(Failure::None);
    assert_eq!(browser.get("/handoff?chatBoxId=cb_demo").await.status, 200);
    assert_eq!(ask(&browser, "cb_demo").await.status, 200);
}
