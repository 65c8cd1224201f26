//! Logging in to Messaging.

use std::time::Duration;

use jsonwebtoken::Algorithm;
use reqwest::Method;
use sandbox::zendesk::SettingsChange;
use serde_json::{Value, json};

use super::client::{DANA, MESSAGING_SECRET, messaging_dana, messaging_token, token};
use crate::harness::{NOW, Reply, Sandbox};

fn with(claim: &str, value: Value) -> Value {
    let mut claims = messaging_dana();
    claims[claim] = value;
    claims
}

fn without(claim: &str) -> Value {
    let mut claims = messaging_dana();
    claims.as_object_mut().unwrap().remove(claim);
    claims
}

fn invalid_jwt() -> (u16, Value) {
    let body = json!({ "code": "invalid_auth", "description": "Invalid JWT" });
    (401, body)
}

async fn refused(claims: &Value, outcome: &str) {
    let sandbox = Sandbox::start().await;
    let reply = sandbox.messaging(&messaging_token(claims)).await;
    assert_eq!((reply.status, reply.json()), invalid_jwt(), "{claims}");
    assert_eq!(sandbox.last_outcome(), outcome, "{claims}");
    assert!(sandbox.running.zendesk().messaging_users().is_empty());
}

async fn accepted(claims: &Value) -> Value {
    let sandbox = Sandbox::start().await;
    let reply = sandbox.messaging(&messaging_token(claims)).await;
    assert_eq!(reply.status, 200, "{claims}: {}", reply.body);
    reply.json()
}

#[tokio::test]
async fn a_right_token_signs_its_user_in() {
    let expected = json!({
        "user": {
            "external_id": DANA,
            "name": "Dana Demo",
            "email": "demo@latchkey.localhost",
            "created": NOW,
        },
        "expires_in": 300,
    });
    assert_eq!(accepted(&messaging_dana()).await, expected);
}

#[tokio::test]
async fn the_header_needs_typ_and_the_kid_of_an_active_key() {
    let sandbox = Sandbox::start().await;
    let headers = [
        (r#"{"alg":"HS256","typ":"JWT"}"#, "unknown_key"),
        (
            r#"{"alg":"HS256","typ":"JWT","kid":"app_other"}"#,
            "unknown_key",
        ),
        (r#"{"alg":"HS256","typ":"JWT","kid":""}"#, "unknown_key"),
        (r#"{"alg":"HS256","typ":"JWT","kid":1}"#, "unknown_key"),
        (r#"{"alg":"HS256","kid":"app_demo"}"#, "malformed_token"),
    ];
    for (header, outcome) in headers {
        let claims = messaging_dana().to_string();
        let token = token(header, &claims, MESSAGING_SECRET, Algorithm::HS256);
        let reply = sandbox.messaging(&token).await;
        assert_eq!((reply.status, reply.json()), invalid_jwt(), "{header}");
        assert_eq!(sandbox.last_outcome(), outcome, "{header}");
    }
}

#[tokio::test]
async fn an_inactive_key_signs_no_one_in() {
    let sandbox = Sandbox::start().await;
    let token = messaging_token(&messaging_dana());
    for (active, status) in [(false, 401), (true, 200)] {
        sandbox.running.zendesk().change(&SettingsChange {
            messaging_key_active: Some(active),
            ..SettingsChange::default()
        });
        assert_eq!(sandbox.messaging(&token).await.status, status);
    }
}

#[tokio::test]
async fn the_scope_is_user() {
    refused(&without("scope"), "invalid_claim").await;
    for scope in [
        json!("User"),
        json!("user admin"),
        json!(["user"]),
        json!(null),
    ] {
        refused(&with("scope", scope), "invalid_claim").await;
    }
}

#[tokio::test]
async fn an_external_id_has_one_to_255_characters() {
    refused(&without("external_id"), "invalid_claim").await;
    for id in [json!(""), json!("x".repeat(256)), json!(7), json!(null)] {
        refused(&with("external_id", id), "invalid_claim").await;
    }
    for id in ["x".to_owned(), "x".repeat(255), "é".repeat(255)] {
        accepted(&with("external_id", json!(id))).await;
    }
}

#[tokio::test]
async fn exp_is_optional_a_number_and_ahead() {
    assert_eq!(accepted(&without("exp")).await["expires_in"], Value::Null);
    accepted(&with("exp", json!(NOW + 1))).await;
    for exp in [
        json!((NOW + 300).to_string()),
        json!(null),
        json!(-1),
        json!(1e30),
    ] {
        refused(&with("exp", exp), "invalid_claim").await;
    }
    for exp in [0, NOW - 1, NOW] {
        refused(&with("exp", json!(exp)), "expired").await;
    }
}

#[tokio::test]
async fn a_token_expires_to_the_second() {
    let sandbox = Sandbox::start().await;
    let token = messaging_token(&messaging_dana());
    sandbox.clock.advance(Duration::from_secs(299));
    assert_eq!(sandbox.messaging(&token).await.status, 200);
    sandbox.clock.advance(Duration::from_secs(1));
    assert_eq!(sandbox.messaging(&token).await.status, 401);
}

#[tokio::test]
async fn an_address_counts_only_if_the_host_calls_it_verified() {
    for claims in [
        without("email_verified"),
        with("email_verified", json!(false)),
    ] {
        assert_eq!(accepted(&claims).await["user"]["email"], Value::Null);
    }
    for verified in [json!("true"), json!(1), json!(null)] {
        refused(&with("email_verified", verified), "invalid_claim").await;
    }
    for claim in ["name", "email"] {
        refused(&with(claim, json!(7)), "invalid_claim").await;
        accepted(&without(claim)).await;
    }
}

#[tokio::test]
async fn a_known_address_with_another_external_id_is_a_conflict() {
    let sandbox = Sandbox::start().await;
    let dana = messaging_dana();
    sandbox.messaging(&messaging_token(&dana)).await;
    let mut other = with("external_id", json!("riva"));
    other["email"] = json!("DEMO@latchkey.localhost");
    let reply = sandbox.messaging(&messaging_token(&other)).await;
    assert_eq!(
        (reply.status, &reply.json()["code"]),
        (409, &json!("conflict"))
    );
    assert_eq!(sandbox.running.zendesk().messaging_users().len(), 1);
    other["email_verified"] = json!(false);
    assert_eq!(
        sandbox.messaging(&messaging_token(&other)).await.status,
        200
    );
    assert_eq!(sandbox.messaging(&messaging_token(&dana)).await.status, 200);
    assert_eq!(sandbox.running.zendesk().messaging_users().len(), 2);
}

#[tokio::test]
async fn a_later_login_updates_the_user_and_keeps_the_verified_address() {
    let sandbox = Sandbox::start().await;
    sandbox.messaging(&messaging_token(&messaging_dana())).await;
    let mut renamed = with("name", json!("Dana D. Demo"));
    renamed["email_verified"] = json!(false);
    sandbox.messaging(&messaging_token(&renamed)).await;
    let users = sandbox.running.zendesk().messaging_users();
    assert_eq!(users.len(), 1);
    assert_eq!(users[0].name.as_deref(), Some("Dana D. Demo"));
    assert_eq!(users[0].email.as_deref(), Some("demo@latchkey.localhost"));
}

#[tokio::test]
async fn only_json_with_a_token_is_read() {
    let sandbox = Sandbox::start().await;
    let path = "/zendesk/messaging/login";
    for bad in [json!({}), json!({ "jwt": 7 }), json!("x")] {
        let reply = Reply::of(sandbox.request(Method::POST, path).json(&bad)).await;
        assert_eq!(
            (reply.status, &reply.json()["code"]),
            (400, &json!("bad_request"))
        );
    }
    let form = sandbox.request(Method::POST, path).form(&[("jwt", "x")]);
    assert_eq!(Reply::of(form).await.status, 415);
    assert_eq!(sandbox.messaging(&"x".repeat(17_000)).await.status, 413);
    assert_eq!(sandbox.get(path).await.status, 405);
}

#[tokio::test]
async fn any_page_may_log_in_and_no_cookies_are_asked_for() {
    let sandbox = Sandbox::start().await;
    let preflight = sandbox
        .request(Method::OPTIONS, "/zendesk/messaging/login")
        .header("origin", "https://www.example.com")
        .header("access-control-request-method", "POST")
        .header("access-control-request-headers", "content-type");
    let reply = Reply::of(preflight).await;
    assert_eq!(reply.header("access-control-allow-origin"), "*");
    assert_eq!(reply.header("access-control-allow-headers"), "content-type");
    assert_eq!(reply.header("access-control-allow-credentials"), "");
}
