//! The claims of tokens for a session, that Zendesk accepts them, and how long they live.

use jsonwebtoken::{Algorithm, decode_header};
use sandbox::zendesk::SettingsChange;
use serde_json::json;

use super::{CHAT, MESSAGING, SECRETS, chat_says, claims, messaging_says, token};
use crate::{
    harness::{DANA, TestApp},
    vendors::readable::ask,
};

#[tokio::test]
async fn a_session_becomes_a_visitor_of_chat() {
    let app = TestApp::start().await;
    let browser = app.signed_in().await;
    let uid = browser.get("/api/viewer").await.json()["uid"].clone();
    let now = app.clock.now().seconds();
    for path in [CHAT, "/api/zendesk/token"] {
        let response = ask(&browser, path).await;
        let expected = json!({
            "name": "Dana Demo", "email": DANA, "external_id": uid, "iat": now, "exp": now + 300,
        });
        assert_eq!(claims(&response, SECRETS[0]), expected);
        let header = decode_header(token(&response)).unwrap();
        let typ = header.typ.as_deref();
        assert_eq!(
            (header.alg, typ, header.kid),
            (Algorithm::HS256, Some("JWT"), None)
        );
        assert_eq!(chat_says(&app, &response).await.status, 200);
    }
    let visitors = app.sandbox.zendesk().visitors();
    assert_eq!(visitors.len(), 1);
    assert_eq!(visitors[0].external_id.as_deref(), uid.as_str());
}

#[tokio::test]
async fn a_token_of_messaging_names_its_key_and_its_scope() {
    let app = TestApp::start().await;
    let browser = app.signed_in().await;
    let uid = browser.get("/api/viewer").await.json()["uid"].clone();
    let response = ask(&browser, MESSAGING).await;
    let exp = app.clock.now().seconds() + 300;
    let expected = json!({
        "scope": "user", "external_id": uid, "name": "Dana Demo", "email": DANA, "email_verified": true, "exp": exp,
    });
    assert_eq!(claims(&response, SECRETS[1]), expected);
    let header = decode_header(token(&response)).unwrap();
    assert_eq!(header.kid.as_deref(), Some("app_demo"));
    assert_eq!(messaging_says(&app, &response).await.status, 200);
}

#[tokio::test]
async fn a_token_ends_by_itself_in_five_minutes() {
    let app = TestApp::start().await;
    let response = ask(&app.signed_in().await, CHAT).await;
    app.sandbox.zendesk().change(&SettingsChange {
        clock_offset_seconds: Some(301),
        ..SettingsChange::default()
    });
    assert_eq!(chat_says(&app, &response).await.status, 401);
}
