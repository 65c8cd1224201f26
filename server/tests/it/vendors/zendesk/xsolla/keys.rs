//! Tokens that the project signs with its keys: lists of keys that change, are late, or are unavailable.

use std::time::Duration;

use sandbox::xsolla::{Call, Failure, PERSONAS, SettingsChange, Signature, TokenFault};

use super::super::ask_with;
use crate::harness::{Reply, Response, Stub, TestApp};

async fn app() -> TestApp {
    let app = TestApp::start().await;
    app.sandbox.xsolla().change(Signature::Rs256);
    app
}

/// Requests a token with a new user JWT of Paolo's.
async fn ask(app: &TestApp) -> Response {
    let token = app.sandbox.xsolla().user_token(&PERSONAS[1]).unwrap();
    ask_with(&app.anonymous(), &token).await
}

fn lists_asked(app: &TestApp) -> usize {
    let exchanges = app.sandbox.xsolla().exchanges();
    let lists = exchanges
        .iter()
        .filter(|exchange| exchange.call == Call::Keys);
    lists.count()
}

fn keys_are(app: &TestApp, failure: Failure) {
    app.sandbox.xsolla().change(SettingsChange {
        keys: Some(failure),
        slow_milliseconds: Some(60_000),
        ..SettingsChange::default()
    });
}

#[tokio::test]
async fn one_list_is_enough_for_ten_minutes() {
    let app = app().await;
    for _ in 0..3 {
        let response = ask(&app).await;
        assert_eq!(response.status, 200, "{}", response.body);
    }
    assert_eq!(lists_asked(&app), 1);
    app.clock.advance(Duration::from_secs(10 * 60));
    assert_eq!(ask(&app).await.status, 200);
    assert_eq!(lists_asked(&app), 2);
}

#[tokio::test]
async fn a_new_key_is_found_and_unknown_ones_are_looked_for_once_a_minute() {
    let app = app().await;
    assert_eq!(ask(&app).await.status, 200);
    app.sandbox.xsolla().rotate_keys().unwrap();
    assert_eq!(ask(&app).await.status, 401, "it was asked a moment ago");
    app.clock.advance(Duration::from_secs(60));
    assert_eq!(ask(&app).await.status, 200);
    assert_eq!(lists_asked(&app), 2);
    app.sandbox.xsolla().change(TokenFault::UnknownKid);
    for _ in 0..3 {
        assert_eq!(ask(&app).await.status, 401);
    }
    assert_eq!(lists_asked(&app), 2);
}

#[tokio::test]
async fn a_key_that_is_gone_is_no_key() {
    let app = app().await;
    let old = app.sandbox.xsolla().user_token(&PERSONAS[1]).unwrap();
    assert_eq!(ask_with(&app.anonymous(), &old).await.status, 200);
    app.sandbox.xsolla().rotate_keys().unwrap();
    app.sandbox.xsolla().rotate_keys().unwrap();
    app.clock.advance(Duration::from_secs(10 * 60));
    assert_eq!(ask_with(&app.anonymous(), &old).await.status, 401);
}

#[tokio::test]
async fn without_any_list_no_one_knows() {
    for failure in [Failure::Unavailable, Failure::Malformed, Failure::Huge] {
        let app = app().await;
        keys_are(&app, failure);
        for _ in 0..3 {
            let response = ask(&app).await;
            assert_eq!(
                (response.status, response.json()["code"].as_str()),
                (503, Some("00-09"))
            );
        }
        assert_eq!(
            lists_asked(&app),
            1,
            "{failure:?}: it is not asked again at once"
        );
        keys_are(&app, Failure::None);
        app.clock.advance(Duration::from_secs(3));
        assert_eq!(ask(&app).await.status, 200, "after {failure:?}");
    }
}

#[tokio::test]
async fn old_keys_are_used_for_half_an_hour_while_no_list_comes() {
    let app = app().await;
    assert_eq!(ask(&app).await.status, 200);
    keys_are(&app, Failure::Unavailable);
    app.clock.advance(Duration::from_secs(29 * 60));
    for _ in 0..3 {
        assert_eq!(ask(&app).await.status, 200);
    }
    assert_eq!(lists_asked(&app), 2, "once a minute while there is a key");
    app.clock.advance(Duration::from_secs(60));
    assert_eq!(ask(&app).await.status, 503);
}

#[tokio::test]
async fn an_api_that_hangs_stops_no_one_whose_key_is_known() {
    let other = app().await;
    let xsolla = other.sandbox.xsolla();
    let list = format!(
        "{}/xsolla/api/projects/{}/keys",
        other.sandbox.url(),
        xsolla.project_id()
    );
    let list = other.anonymous().get(&list).await.body;
    let api = Stub::start(vec![Reply::json(200, &list), Reply::Drip]).await;
    let app = TestApp::start_with(&[("XSOLLA_LOGIN_API_URL", &api.url)]).await;
    let known = xsolla.user_token(&PERSONAS[1]).unwrap();
    xsolla.change(TokenFault::UnknownKid);
    let unknown = xsolla.user_token(&PERSONAS[1]).unwrap();

    assert_eq!(ask_with(&app.anonymous(), &known).await.status, 200);
    app.clock.advance(Duration::from_secs(60));
    let stranger = app.anonymous();
    let waiting = tokio::spawn(async move { ask_with(&stranger, &unknown).await.status });
    while api.requests().len() < 2 {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(ask_with(&app.anonymous(), &known).await.status, 200);
    assert!(!waiting.is_finished());
    waiting.abort();
}
