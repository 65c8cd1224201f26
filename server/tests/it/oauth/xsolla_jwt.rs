//! Xsolla Login by JWT: the callback gets the user JWT itself, which returns the state in its claim
//! `payload`.

use serde_json::{Value, json};

use super::{
    assert_no_one, begin,
    fake::Fake,
    problem, query,
    xsolla::{EMPTY_SECRET, KEYS, PROJECT, SECRET, claims, hs256, lists, rs256},
};
use crate::harness::{Browser, Log, Response, TestApp, assert_none_in};

async fn app_with(fake: &Fake, changes: &[(&str, &str)]) -> TestApp {
    let page = format!("{}/widget", fake.url);
    let settings = [
        ("OAUTH_XSOLLA_FLOW", "jwt"),
        ("XSOLLA_LOGIN_PROJECT_ID", PROJECT),
        ("XSOLLA_LOGIN_SECRET", SECRET),
        ("OAUTH_XSOLLA_URL", &page),
        ("XSOLLA_LOGIN_API_URL", &fake.url),
    ];
    TestApp::start_with(&[&settings, changes].concat()).await
}

async fn payload(browser: &Browser) -> String {
    query(&begin(browser, "/oauth/xsolla/start").await, "payload")
}

async fn come_back(browser: &Browser, token: &str) -> Response {
    browser
        .get(&format!("/oauth/xsolla/callback?token={token}"))
        .await
}

#[tokio::test]
async fn a_token_of_either_kind_comes_back_with_its_state() {
    let fake = Fake::start().await;
    lists(&fake, &[("one", &KEYS[0])]);
    let app = app_with(&fake, &[]).await;
    let sign: [fn(&Value) -> String; 2] = [
        |claims| hs256(SECRET, claims),
        |claims| rs256("one", &KEYS[0], claims),
    ];
    for sign in sign {
        let browser = app.anonymous();
        let url = begin(&browser, "/oauth/xsolla/start").await;
        let callback = format!("{}/oauth/xsolla/callback", app.login_origin());
        assert_eq!(query(&url, "login_url"), callback);
        let token = sign(&claims(&app, &json!({ "payload": query(&url, "payload") })));
        let response = come_back(&browser, &token).await;
        assert_eq!(response.location(), "/finish-account", "{response:?}");
        assert_eq!(
            come_back(&browser, &token).await.status,
            400,
            "it is good for once"
        );
    }
}

#[tokio::test]
async fn a_token_is_worth_nothing_in_another_browser_or_without_its_state() {
    let app = app_with(&Fake::start().await, &[]).await;
    let attacker = app.anonymous();
    let state = payload(&attacker).await;
    let token = hs256(SECRET, &claims(&app, &json!({ "payload": state })));
    let victim = app.anonymous();
    let own = payload(&victim).await;
    assert_eq!(come_back(&victim, &token).await.status, 400);
    for other in [json!("other"), json!(7), json!(null)] {
        let token = hs256(SECRET, &claims(&app, &json!({ "payload": other })));
        assert_eq!(come_back(&victim, &token).await.status, 400, "{other}");
    }
    let with_state = format!("{token}&state={own}");
    assert_eq!(
        problem(&come_back(&victim, &with_state).await),
        "provider-failed"
    );
    assert_no_one(&app, &victim, "another sign-in's token").await;
}

#[tokio::test]
async fn a_token_that_is_not_the_projects_signs_no_one_in() {
    let app = app_with(&Fake::start().await, &[]).await;
    let now = app.clock.now().0 / 1000;
    for (what, secret, changes) in [
        (
            "foreign project",
            SECRET,
            json!({ "xsolla_login_project_id": "another" }),
        ),
        (
            "expired",
            SECRET,
            json!({ "iat": now - 7200, "exp": now - 60 }),
        ),
        ("other secret", "another-secret-of-a-project", json!({})),
        ("no secret", EMPTY_SECRET, json!({})),
    ] {
        let browser = app.anonymous();
        let mut claims = claims(&app, &changes);
        claims["payload"] = payload(&browser).await.into();
        let response = come_back(&browser, &hs256(secret, &claims)).await;
        assert_eq!(problem(&response), "provider-failed", "{what}");
        assert_no_one(&app, &browser, what).await;
    }
    let browser = app.anonymous();
    let state = payload(&browser).await;
    let unsigned = hs256(SECRET, &claims(&app, &json!({ "payload": state })));
    let (signed, _) = unsigned.rsplit_once('.').unwrap();
    let response = come_back(&browser, &format!("{signed}.")).await;
    assert_eq!(problem(&response), "provider-failed");
}

#[tokio::test]
async fn a_project_without_a_secret_takes_no_token_signed_with_one() {
    let fake = Fake::start().await;
    lists(&fake, &[("one", &KEYS[0])]);
    let app = app_with(&fake, &[("XSOLLA_LOGIN_SECRET", "")]).await;
    let browser = app.anonymous();
    let state = payload(&browser).await;
    let token = hs256(EMPTY_SECRET, &claims(&app, &json!({ "payload": state })));
    assert_eq!(
        problem(&come_back(&browser, &token).await),
        "provider-failed"
    );
    assert_no_one(&app, &browser, "an empty secret").await;
}

#[tokio::test]
async fn an_answer_with_a_code_or_an_error_still_needs_its_state() {
    let app = app_with(&Fake::start().await, &[]).await;
    let browser = app.anonymous();
    let state = payload(&browser).await;
    for response in ["code=a", "error=access_denied", "token=a.b.c", ""] {
        let response = browser
            .get(&format!("/oauth/xsolla/callback?{response}"))
            .await;
        assert_eq!(response.status, 400);
    }
    let log = Log::capture();
    let response = browser
        .get(&format!("/oauth/xsolla/callback?code=a&state={state}"))
        .await;
    assert_eq!(problem(&response), "provider-misconfigured");
    assert!(log.text().contains("set OAUTH_XSOLLA_FLOW=code"));
}

#[tokio::test]
async fn a_token_in_the_address_is_not_logged() {
    let log = Log::capture();
    let app = app_with(&Fake::start().await, &[]).await;
    let browser = app.anonymous();
    let state = payload(&browser).await;
    let token = hs256(SECRET, &claims(&app, &json!({ "payload": state })));
    come_back(&browser, &token).await;
    come_back(&browser, &token).await;
    let text = log.text();
    assert!(text.contains("/oauth/{provider}/callback"));
    let signature = token.rsplit_once('.').unwrap().1.to_owned();
    assert_none_in(text.as_bytes(), &[state, signature, SECRET.to_owned()]);
}
