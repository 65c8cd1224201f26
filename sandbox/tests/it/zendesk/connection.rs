//! What an `id_token` is accepted for, and when it ends.

use std::time::Duration;

use reqwest::Method;
use sandbox::zendesk::SettingsChange;
use serde_json::{Value, json};

use super::client::{DANA, chat_token, dana};
use crate::harness::{Reply, Sandbox};

async fn id_token(sandbox: &Sandbox) -> String {
    let response = sandbox.trade(&chat_token(&dana())).await.json();
    response["id_token"].as_str().unwrap().to_owned()
}

async fn open(sandbox: &Sandbox, id_token: &str) -> (u16, Value) {
    let request = sandbox.request(Method::GET, "/zendesk/chat/session");
    let reply = Reply::of(request.bearer_auth(id_token)).await;
    assert_eq!(reply.header("access-control-allow-origin"), "*");
    (reply.status, reply.json())
}

async fn log_out(sandbox: &Sandbox, id_token: &str, scope: &str) {
    let path = format!("/zendesk/chat/session{scope}");
    let request = sandbox.request(Method::DELETE, &path);
    assert_eq!(Reply::of(request.bearer_auth(id_token)).await.status, 204);
}

fn closed(status: u16, reason: &str) -> (u16, Value) {
    (status, json!({ "reason": reason }))
}

#[tokio::test]
async fn an_identity_says_who_the_visitor_is() {
    let sandbox = Sandbox::start().await;
    let token = id_token(&sandbox).await;
    let expected = json!({
        "visitor": { "display_name": "Dana Demo", "email": "demo@latchkey.localhost" },
        "account_status": "online",
        "expires_in": 7200,
    });
    assert_eq!(open(&sandbox, &token).await, (200, expected));
}

#[tokio::test]
async fn an_identity_expires_to_the_second() {
    let sandbox = Sandbox::start().await;
    sandbox.running.zendesk().change(&SettingsChange {
        id_token_lifetime_seconds: Some(90),
        ..SettingsChange::default()
    });
    let response = sandbox.trade(&chat_token(&dana())).await.json();
    assert_eq!(response["expires_in"], 90);
    let token = response["id_token"].as_str().unwrap();
    sandbox.clock.advance(Duration::from_secs(89));
    assert_eq!(open(&sandbox, token).await.0, 200);
    sandbox.clock.advance(Duration::from_secs(1));
    assert_eq!(
        open(&sandbox, token).await,
        closed(401, "authentication_failed")
    );
}

#[tokio::test]
async fn a_ban_closes_open_connections() {
    let sandbox = Sandbox::start().await;
    let token = id_token(&sandbox).await;
    let zendesk = sandbox.running.zendesk();
    zendesk.ban(&zendesk.visitors()[0].id);
    assert_eq!(open(&sandbox, &token).await, closed(403, "banned"));
}

#[tokio::test]
async fn a_logout_ends_this_identity_or_all_of_the_visitors() {
    let sandbox = Sandbox::start().await;
    let (one, two, three) = (
        id_token(&sandbox).await,
        id_token(&sandbox).await,
        id_token(&sandbox).await,
    );
    log_out(&sandbox, &one, "").await;
    assert_eq!(open(&sandbox, &one).await, closed(401, "logged_out"));
    assert_eq!(open(&sandbox, &two).await.0, 200);
    log_out(&sandbox, &two, "?everywhere=true").await;
    assert_eq!(open(&sandbox, &three).await, closed(401, "logged_out"));
    log_out(&sandbox, "made-up", "").await;
}

#[tokio::test]
async fn a_state_ends_with_its_identity() {
    let sandbox = Sandbox::start().await;
    let token = chat_token(&dana());
    let response = sandbox.trade(&token).await.json();
    log_out(&sandbox, response["id_token"].as_str().unwrap(), "").await;
    let renewed = sandbox.renew(&token, response["state"].as_str().unwrap());
    assert_eq!(renewed.await.refusal(), (401, "wrong_state".to_owned()));
}

#[tokio::test]
async fn a_made_up_identity_is_refused() {
    let sandbox = Sandbox::start().await;
    id_token(&sandbox).await;
    for token in ["made-up", "", &chat_token(&dana())] {
        assert_eq!(
            open(&sandbox, token).await,
            closed(401, "authentication_failed")
        );
    }
    assert_eq!(sandbox.get("/zendesk/chat/session").await.status, 401);
}

#[tokio::test]
async fn connections_and_logouts_are_recorded() {
    let sandbox = Sandbox::start().await;
    let token = id_token(&sandbox).await;
    open(&sandbox, &token).await;
    log_out(&sandbox, &token, "").await;
    open(&sandbox, &token).await;
    open(&sandbox, "made-up").await;
    let recorded = sandbox.get("/zendesk/exchanges").await.json();
    let recorded = recorded.as_array().unwrap();
    let steps: Vec<_> = recorded
        .iter()
        .map(|step| json!([step["call"], step["outcome"], step["externalId"]]))
        .collect();
    assert_eq!(
        steps,
        [
            json!(["chat_login", "ok", DANA]),
            json!(["chat_connection", "ok", DANA]),
            json!(["chat_logout", "ok", DANA]),
            json!(["chat_connection", "logged_out", DANA]),
            json!(["chat_connection", "authentication_failed", null]),
        ]
    );
}
