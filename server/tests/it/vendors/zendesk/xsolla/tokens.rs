//! What vendors' tokens contain for a token of Xsolla Login.

use std::time::Duration;

use sandbox::xsolla::{PERSONAS, SettingsChange, TokenFault};
use serde_json::{Map, Value, json};

use super::{
    super::{
        CHAT, MESSAGING, SECRETS, ask_with, assert_refused, chat_says, claims, messaging_says,
    },
    DANA_AT_XSOLLA,
};
use crate::{
    harness::{DANA, TestApp},
    vendors::readable::ask,
};

/// Xsolla's token with `changes` to its claims; null removes a claim.
pub(super) fn xsolla_token(app: &TestApp, changes: Value) -> String {
    let xsolla = app.sandbox.xsolla();
    let mut claims: Map<String, Value> = xsolla.claims(&PERSONAS[0]).unwrap();
    for (name, value) in changes.as_object().unwrap().clone() {
        claims.insert(name, value);
    }
    claims.retain(|_, value| !value.is_null());
    xsolla.mint(claims).unwrap()
}

#[tokio::test]
async fn a_user_of_xsolla_becomes_a_visitor_of_chat() {
    let app = TestApp::start().await;
    let now = app.clock.now().seconds();
    let response = ask_with(&app.anonymous(), &xsolla_token(&app, json!({}))).await;
    let expected = json!({
        "name": "dana", "email": DANA, "external_id": DANA_AT_XSOLLA, "iat": now, "exp": now + 300,
    });
    assert_eq!(claims(&response, SECRETS[0]), expected);
    assert_eq!(chat_says(&app, &response).await.status, 200);
    let visitors = app.sandbox.zendesk().visitors();
    assert_eq!(visitors[0].external_id.as_deref(), Some(DANA_AT_XSOLLA));
}

#[tokio::test]
async fn an_address_that_no_one_calls_verified_identifies_no_one() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    for (changes, verified) in [
        (json!({}), json!(false)),
        (json!({ "email_verified": true }), json!(true)),
    ] {
        browser.set_cookie("token", &xsolla_token(&app, changes));
        let response = ask(&browser, MESSAGING).await;
        let claims = claims(&response, SECRETS[1]);
        assert_eq!(
            (&claims["email"], &claims["email_verified"]),
            (&json!(DANA), &verified)
        );
        assert_eq!(messaging_says(&app, &response).await.status, 200);
    }
    browser.set_cookie("token", &xsolla_token(&app, json!({ "email": null })));
    let response = ask(&browser, MESSAGING).await;
    assert_eq!(claims(&response, SECRETS[1]).get("email"), None);
    for path in [CHAT, MESSAGING] {
        browser.set_cookie(
            "token",
            &xsolla_token(&app, json!({ "email_verified": false })),
        );
        assert_refused(&ask(&browser, path).await, 403, "00-05");
    }
}

#[tokio::test]
async fn names_and_addresses_are_as_zendesk_wants_them() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    for (changes, name, email) in [
        (json!({ "name": "Dana D." }), "Dana D.", DANA),
        (json!({ "username": null }), DANA, DANA),
        (json!({ "username": "\u{202e}\u{0}" }), DANA, DANA),
        (
            json!({ "email": "Dana@b\u{fc}cher.example" }),
            "dana",
            "Dana@xn--bcher-kva.example",
        ),
    ] {
        let response = ask_with(&browser, &xsolla_token(&app, changes.clone())).await;
        let claims = claims(&response, SECRETS[0]);
        assert_eq!(
            (&claims["name"], &claims["email"]),
            (&json!(name), &json!(email)),
            "{changes}"
        );
        assert_eq!(chat_says(&app, &response).await.status, 200, "{changes}");
    }
    for email in ["d\u{e4}na@example.com", "dana", "@", "a@b@example.com"] {
        let token = xsolla_token(&app, json!({ "email": email }));
        assert_refused(&ask_with(&browser, &token).await, 422, "00-03");
    }
    for sub in ["x".repeat(256), "a\nb".to_owned()] {
        let token = xsolla_token(&app, json!({ "sub": sub }));
        assert_refused(&ask_with(&browser, &token).await, 422, "00-02");
    }
}

#[tokio::test]
async fn nothing_outlives_the_token_that_it_is_made_of() {
    let app = TestApp::start().await;
    let now = app.clock.now().seconds();
    let browser = app.anonymous();
    for path in [CHAT, MESSAGING] {
        let secret = if path == CHAT { SECRETS[0] } else { SECRETS[1] };
        browser.set_cookie(
            "token",
            &xsolla_token(&app, json!({ "iat": now, "exp": now + 3 })),
        );
        let response = ask(&browser, path).await;
        assert_eq!(claims(&response, secret)["exp"], now + 3);
        // The tolerance for clocks would still accept it, but a token made of it would have expired.
        browser.set_cookie(
            "token",
            &xsolla_token(&app, json!({ "iat": now - 9, "exp": now })),
        );
        assert_refused(&ask(&browser, path).await, 401, "00-01");
    }
}

#[tokio::test]
async fn every_fault_of_the_sandboxs_tokens_is_refused() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    for &(fault, name, _) in TokenFault::ALL {
        app.sandbox.xsolla().change(fault);
        let token = app.sandbox.xsolla().user_token(&PERSONAS[0]).unwrap();
        let response = ask_with(&browser, &token).await;
        match fault {
            TokenFault::None => assert_eq!(response.status, 200, "{}", response.body),
            TokenFault::SubMissing | TokenFault::SubEmpty | TokenFault::SubNumber => {
                assert_refused(&response, 422, "00-02");
            }
            TokenFault::EmailMissing | TokenFault::EmailNumber => {
                assert_refused(&response, 422, "00-03");
            }
            _ => assert_eq!(
                (response.status, response.body.contains("00-01")),
                (401, true),
                "{name}"
            ),
        }
    }
}

#[tokio::test]
async fn a_token_that_has_expired_shows_as_expired() {
    let app = TestApp::start().await;
    app.sandbox.xsolla().change(SettingsChange {
        lifetime_seconds: Some(60),
        ..SettingsChange::default()
    });
    let browser = app.anonymous();
    let token = xsolla_token(&app, json!({}));
    assert_eq!(ask_with(&browser, &token).await.status, 200);
    app.clock.advance(Duration::from_secs(120));
    assert_refused(&ask_with(&browser, &token).await, 401, "00-01");
}
