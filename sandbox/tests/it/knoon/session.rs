//! How Knoon validates the credential that a widget found.

use std::time::Duration;

use serde_json::json;

use super::client::dana_with;
use crate::harness::{NOW, Sandbox};

#[tokio::test]
async fn a_good_token_tells_who_signed_in() {
    let sandbox = Sandbox::start().await;
    let reply = sandbox.session("cb_demo", &sandbox.token().await).await;
    assert_eq!(
        (reply.status, reply.header("access-control-allow-origin")),
        (200, "*")
    );
    assert_eq!(
        reply.json(),
        json!({
            "displayName": "Dana Demo",
            "photoURL": null,
            "email": "demo@latchkey.localhost",
            "expiresAt": NOW + 600,
        })
    );
}

#[tokio::test]
async fn a_token_expires_to_the_second() {
    let sandbox = Sandbox::start().await;
    let token = sandbox.token().await;
    sandbox.clock.advance(Duration::from_secs(599));
    assert_eq!(sandbox.session("cb_demo", &token).await.status, 200);
    sandbox.clock.advance(Duration::from_secs(1));
    let refusal = sandbox.session("cb_demo", &token).await.refusal();
    assert_eq!(refusal, (401, "expired".to_owned()));
}

#[tokio::test]
async fn a_token_for_another_chat_box_is_refused() {
    let sandbox = Sandbox::start().await;
    let token = sandbox.token().await;
    for chat_box in ["cb_partner", ""] {
        let refusal = sandbox.session(chat_box, &token).await.refusal();
        assert_eq!(refusal, (401, "wrong_chat_box".to_owned()));
    }
}

#[tokio::test]
async fn a_changed_token_is_refused() {
    let sandbox = Sandbox::start().await;
    let token = sandbox.token().await;
    let rival = dana_with("email", json!("rival@latchkey.localhost"));
    let other = sandbox.credentials(&rival).await.json()["data"]["jwt"]
        .as_str()
        .unwrap()
        .to_owned();
    let (body, _) = other.rsplit_once('.').unwrap();
    let (_, signature) = token.rsplit_once('.').unwrap();
    let refusal = sandbox
        .session("cb_demo", &format!("{body}.{signature}"))
        .await
        .refusal();
    assert_eq!(refusal, (401, "bad_signature".to_owned()));
}

#[tokio::test]
async fn tokens_that_cannot_be_read_are_refused() {
    let sandbox = Sandbox::start().await;
    let token = sandbox.token().await;
    let (_, unsigned) = token.split_once('.').unwrap();
    let (payload, _) = unsigned.split_once('.').unwrap();
    let none = format!("eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.{payload}.");
    let rs256 = format!("eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9.{unsigned}");
    for bad in [
        "x",
        "a.b.c",
        &none,
        &rs256,
        &format!("{token}.x"),
        &format!("{token}="),
        &loose(&token),
        &format!("{token}%"),
        &format!(".{token}"),
    ] {
        let (status, code) = sandbox.session("cb_demo", bad).await.refusal();
        assert_eq!(status, 401);
        assert!(
            ["malformed_token", "bad_signature"].contains(&code.as_str()),
            "{bad}: {code}"
        );
    }
}

/// The same signature in non-canonical base64url: 32 bytes leave two spare bits in the last letter.
fn loose(token: &str) -> String {
    let (rest, last) = token.split_at(token.len() - 1);
    let spare = char::from(last.as_bytes()[0] + 1);
    format!("{rest}{spare}")
}

#[tokio::test]
async fn verdicts_are_recorded_with_whom_a_signature_proved() {
    let sandbox = Sandbox::start().await;
    let token = sandbox.token().await;
    sandbox.session("cb_demo", &token).await;
    sandbox.session("cb_partner", &token).await;
    sandbox.session("cb_demo", "x").await;
    sandbox.clock.advance(Duration::from_secs(600));
    sandbox.session("cb_demo", &token).await;
    let recorded = sandbox.get("/knoon/exchanges").await.json();
    let recorded = recorded.as_array().unwrap();
    let verdicts: Vec<_> = recorded[1..]
        .iter()
        .map(|verdict| {
            json!([
                verdict["call"],
                verdict["chatBoxId"],
                verdict["outcome"],
                verdict["email"]
            ])
        })
        .collect();
    let email = "demo@latchkey.localhost";
    assert_eq!(
        verdicts,
        [
            json!(["session", "cb_demo", "accepted", email]),
            json!(["session", "cb_partner", "wrong_chat_box", email]),
            json!(["session", "cb_demo", "malformed_token", null]),
            json!(["session", "cb_demo", "expired", email]),
        ]
    );
}

#[tokio::test]
async fn a_session_without_a_token_is_refused() {
    let sandbox = Sandbox::start().await;
    let refusal = sandbox
        .get("/knoon/v1/session?chatBoxId=cb_demo")
        .await
        .refusal();
    assert_eq!(refusal, (401, "missing_token".to_owned()));
}

#[tokio::test]
async fn two_sandboxes_do_not_accept_each_others_tokens() {
    let (one, other) = (Sandbox::start().await, Sandbox::start().await);
    let reply = other.session("cb_demo", &one.token().await).await;
    assert_eq!(reply.refusal(), (401, "bad_signature".to_owned()));
}
