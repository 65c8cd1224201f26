//! The secrets of a sign-in through a provider are neither stored, logged nor shown.

use sandbox::sso::{IdTokenFault, TokenFailure};
use url::Url;

use super::{
    begin, choose,
    issuer::{ACCESS_TOKEN, Issuer},
    query, sign_in_as,
};
use crate::harness::{Log, TestApp, assert_none_in};

const CLIENT_SECRET: &str = "latchkey-demo-sso-secret-not-for-production";

/// Signs in, and fails in every way that is logged. Returns every secret that this used.
async fn live(app: &TestApp) -> Vec<String> {
    let mut secrets = vec![CLIENT_SECRET.to_owned()];
    let browser = app.anonymous();
    for persona in [
        "vera-verified",
        "umut-unverified",
        "mallory-mirror",
        "cancel",
    ] {
        let url = begin(&browser, "/oauth/sso/start?chatBoxId=cb_demo").await;
        let back = choose(app, &url, persona).await;
        let response = browser.get(&back).await;
        browser.get(&back).await;
        let code = query(&Url::parse(&back).unwrap(), "code");
        secrets.extend([query(&url, "state"), query(&url, "nonce")]);
        secrets.extend(Some(code).filter(|code| !code.is_empty()));
        assert_none_in(response.body.as_bytes(), &secrets);
    }
    for fault in [
        IdTokenFault::NonceOther,
        IdTokenFault::AudOther,
        IdTokenFault::SignatureBroken,
    ] {
        app.sandbox.sso().change(fault);
        sign_in_as(app, &browser, "vera-verified").await;
    }
    for fault in [
        TokenFailure::Malformed,
        TokenFailure::InvalidClient,
        TokenFailure::Huge,
    ] {
        app.sandbox.sso().change(fault);
        sign_in_as(app, &browser, "vera-verified").await;
    }
    let url = begin(&browser, "/oauth/sso/start").await;
    secrets.extend([query(&url, "state"), query(&url, "nonce")]);
    secrets.push(browser.cookie("latchkey-oauth").unwrap());
    secrets
}

#[tokio::test]
async fn the_database_holds_nothing_that_would_help_a_reader() {
    let app = TestApp::start().await;
    let secrets = live(&app).await;
    let bytes = app.stored().await;
    assert!(bytes.windows(13).any(|part| part == b"vera-verified"));
    assert_none_in(&bytes, &secrets);
    assert!(
        !bytes.windows(10).any(|part| part == b"eyJ0eXAiOi"),
        "a token is stored"
    );
}

#[tokio::test]
async fn the_most_talkative_log_holds_no_secret() {
    let log = Log::capture();
    let app = TestApp::start().await;
    let secrets = live(&app).await;
    let text = log.text();
    for path in [
        "/oauth/{provider}/start",
        "/oauth/{provider}/callback",
        "the sign-in through a provider failed",
    ] {
        assert!(text.contains(path), "nothing about {path}");
    }
    assert_none_in(text.as_bytes(), &secrets);
    assert!(
        !text.contains("eyJ") && !text.contains("code_verifier"),
        "{text}"
    );
}

#[tokio::test]
async fn neither_tokens_nor_verifiers_are_logged_or_stored() {
    let log = Log::capture();
    let issuer = Issuer::start().await;
    let app = TestApp::start_with(&issuer.as_sso()).await;
    let browser = app.anonymous();
    let claims =
        serde_json::json!({ "sub": "one", "email": "a@example.test", "email_verified": true });
    assert_eq!(
        issuer
            .signs_in(&app, &browser, "sso", &claims)
            .await
            .location(),
        "/account"
    );
    let asked = issuer.fake.asked("/token").remove(0);
    let basic = asked.headers["authorization"].to_str().unwrap();
    let secrets = [
        asked.field("code_verifier"),
        asked.field("code"),
        basic.strip_prefix("Basic ").unwrap().to_owned(),
        ACCESS_TOKEN.to_owned(),
    ];
    assert!(secrets.iter().all(|secret| !secret.is_empty()));
    assert_none_in(log.text().as_bytes(), &secrets);
    assert_none_in(&app.stored().await, &secrets);
}
