//! A session and an upstream login's token in the same request.

use reqwest::Method;
use sandbox::xsolla::PERSONAS;
use serde_json::json;

use super::{
    super::{CHAT, MESSAGING, SECRETS, ask_with, assert_refused, claims},
    DANA_AT_XSOLLA,
    tokens::xsolla_token,
};
use crate::{
    harness::{DANA, PASSWORD, RIVA, TestApp},
    vendors::{readable::ask, xsolla},
};

/// Connects Dana's account with the one at Xsolla.
const CONNECT_DANA: &str =
    "INSERT INTO identities (id, user_id, provider, issuer, subject, created_at)
    SELECT 'one', id, 'xsolla', 'https://login.xsolla.com/40db2ea4-5d42-11e6-a3ff-005056a0e04a',
           'a3c1f0de-5b7c-4d19-9e52-6f0b8a7d4c21', 0
    FROM users WHERE email = 'demo@latchkey.localhost'";

fn danas_token(app: &TestApp) -> String {
    app.sandbox.xsolla().user_token(&PERSONAS[0]).unwrap()
}

#[tokio::test]
async fn session_and_token_of_one_user_are_one_visitor() {
    let app = TestApp::start().await;
    let browser = app.signed_in().await;
    assert_refused(&ask_with(&browser, &danas_token(&app)).await, 403, "00-04");
    app.execute(CONNECT_DANA).await;
    let response = ask_with(&browser, &danas_token(&app)).await;
    let claims = claims(&response, SECRETS[0]);
    assert_eq!(claims["external_id"], DANA_AT_XSOLLA);
    assert_eq!(
        (&claims["name"], &claims["email"]),
        (&json!("Dana Demo"), &json!(DANA))
    );
}

#[tokio::test]
async fn session_and_token_of_two_users_are_no_one() {
    let app = TestApp::start().await;
    app.execute(CONNECT_DANA).await;
    let riva = app.signed_in_as(RIVA, PASSWORD).await;
    let anothers = app.sandbox.xsolla().user_token(&PERSONAS[1]).unwrap();
    for token in [danas_token(&app), anothers] {
        riva.set_cookie("token", &token);
        for path in [CHAT, MESSAGING] {
            assert_refused(&ask(&riva, path).await, 403, "00-04");
        }
    }
}

#[tokio::test]
async fn a_dead_token_does_not_shut_out_a_user_with_a_session() {
    let app = TestApp::start().await;
    let now = app.clock.now().seconds();
    let of_today = json!({ "iat": now - 60, "exp": now + 60 });
    let of_yesterday = json!({ "iat": now - 90_000, "exp": now - 86_000 });
    let another = xsolla_token(&app, of_today);
    let dead = [
        "abc".to_owned(),
        "a.b.c".to_owned(),
        String::new(),
        xsolla_token(&app, of_yesterday),
        format!("{}x", danas_token(&app)),
    ];
    let browser = app.signed_in().await;
    for token in &dead {
        for path in [CHAT, MESSAGING] {
            browser.set_cookie("token", token);
            let response = ask(&browser, path).await;
            assert_eq!(response.status, 200, "{token}: {}", response.body);
        }
    }
    let session = browser.session();
    for (tokens, status) in [
        (format!("token={}; token=abc", dead[3]), 200),
        (format!("token=abc; token={another}"), 403),
        (format!("token={another}; token=abc"), 403),
        (format!("token={another}; token={another}"), 403),
    ] {
        let request = app.anonymous().request(Method::GET, CHAT);
        let request = request
            .header("origin", app.site_origin())
            .header("sec-fetch-site", "same-site");
        let cookies = format!("latchkey={session}; {tokens}");
        let response = app
            .anonymous()
            .send(request.header("cookie", cookies))
            .await;
        assert_eq!(response.status, status, "{tokens}: {}", response.body);
    }
}

#[tokio::test]
async fn without_an_upstream_login_the_cookie_is_another_users_business() {
    let app = TestApp::start_with(xsolla::OFF).await;
    let token = danas_token(&app);
    assert_refused(&ask_with(&app.anonymous(), &token).await, 401, "00-00");
    let browser = app.signed_in().await;
    let response = ask_with(&browser, &token).await;
    assert_eq!(claims(&response, SECRETS[0])["name"], "Dana Demo");
    browser.post("/logout", &[]).await;
    assert_eq!(browser.cookie("token"), Some(token));
}

#[tokio::test]
async fn the_token_of_a_disabled_user_is_worth_nothing() {
    let app = TestApp::start().await;
    app.execute(CONNECT_DANA).await;
    let browser = app.anonymous();
    assert_eq!(ask_with(&browser, &danas_token(&app)).await.status, 200);
    app.execute("UPDATE users SET disabled_at = 1").await;
    for path in [CHAT, MESSAGING] {
        assert_refused(&ask(&browser, path).await, 403, "00-06");
    }
}

#[tokio::test]
async fn anyone_who_asks_too_often_with_a_token_waits_and_no_one_else_does() {
    let app = TestApp::start_with(&[("LATCHKEY_LIMIT_CREDENTIAL_BURST", "2")]).await;
    let dana = app.anonymous();
    for _ in 0..2 {
        assert_eq!(ask_with(&dana, &danas_token(&app)).await.status, 200);
    }
    let response = ask_with(&app.anonymous(), &danas_token(&app)).await;
    assert_refused(&response, 429, "00-07");
    assert!(!response.header("retry-after").is_empty());
    let paolo = app.sandbox.xsolla().user_token(&PERSONAS[1]).unwrap();
    assert_eq!(ask_with(&app.anonymous(), &paolo).await.status, 200);
}

#[tokio::test]
async fn without_a_database_no_token_is_accepted() {
    let app = TestApp::start().await;
    app.execute("ALTER TABLE identities RENAME TO elsewhere")
        .await;
    let response = ask_with(&app.anonymous(), &danas_token(&app)).await;
    assert_refused(&response, 503, "00-09");
}

#[tokio::test]
async fn signing_out_takes_the_token_and_the_widgets_cookie_along() {
    let app = TestApp::start().await;
    app.execute(CONNECT_DANA).await;
    let browser = app.signed_in().await;
    browser.set_cookie("__zlcmid", "a-device");
    assert_eq!(ask_with(&browser, &danas_token(&app)).await.status, 200);
    let response = browser.post("/logout", &[]).await;
    for name in ["token", "__zlcmid"] {
        for domain in ["Domain=latchkey.localhost; ", ""] {
            let forget = format!("{name}=; {domain}Max-Age=0; Path=/; SameSite=Lax");
            assert!(response.sorted_cookies().contains(&forget), "{forget}");
        }
    }
    assert_refused(&ask(&browser, CHAT).await, 401, "00-00");
}
