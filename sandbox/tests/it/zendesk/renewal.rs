//! Renewing an `id_token` with the `state` of the previous response.

use std::time::Duration;

use serde_json::json;

use super::client::{chat_token, dana, dana_with};
use crate::harness::{NOW, Sandbox};

async fn first_state(sandbox: &Sandbox) -> String {
    state_of(&sandbox.trade(&chat_token(&dana())).await)
}

fn state_of(reply: &crate::harness::Reply) -> String {
    reply.json()["state"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn the_state_of_the_last_answer_renews_and_only_once() {
    let sandbox = Sandbox::start().await;
    let first = first_state(&sandbox).await;
    sandbox.clock.advance(Duration::from_secs(7100));
    let fresh = chat_token(&{
        let mut claims = dana_with("iat", json!(NOW + 7100));
        claims["exp"] = json!(NOW + 7300);
        claims
    });
    let reply = sandbox.renew(&fresh, &first).await;
    assert_eq!(reply.status, 200);
    let second = state_of(&reply);
    assert_ne!(second, first);
    assert_eq!(
        sandbox.renew(&fresh, &first).await.refusal(),
        (401, "wrong_state".to_owned())
    );
    assert_eq!(sandbox.renew(&fresh, &second).await.status, 200);
    assert_eq!(sandbox.running.zendesk().visitors().len(), 1);
}

#[tokio::test]
async fn a_made_up_or_empty_state_is_refused() {
    let sandbox = Sandbox::start().await;
    let token = chat_token(&dana());
    first_state(&sandbox).await;
    let refusal = sandbox.renew(&token, "made-up").await.refusal();
    assert_eq!(refusal, (401, "wrong_state".to_owned()));
    assert_eq!(sandbox.renew(&token, "").await.status, 400);
}

#[tokio::test]
async fn another_visitors_state_is_refused_and_stays_good_for_its_owner() {
    let sandbox = Sandbox::start().await;
    let danas = first_state(&sandbox).await;
    let riva = chat_token(&dana_with("external_id", json!("riva")));
    assert_eq!(
        sandbox.renew(&riva, &danas).await.refusal(),
        (401, "wrong_state".to_owned())
    );
    assert_eq!(sandbox.running.zendesk().visitors().len(), 1);
    assert_eq!(
        sandbox.renew(&chat_token(&dana()), &danas).await.status,
        200
    );
}

#[tokio::test]
async fn a_renewal_needs_a_good_token_too() {
    let sandbox = Sandbox::start().await;
    let state = first_state(&sandbox).await;
    let stale = chat_token(&dana_with("iat", json!(NOW - 500)));
    assert_eq!(
        sandbox.renew(&stale, &state).await.refusal(),
        (401, "iat_out_of_range".to_owned())
    );
    let id = sandbox.running.zendesk().visitors()[0].id.clone();
    sandbox.running.zendesk().ban(&id);
    let renewed = sandbox.renew(&chat_token(&dana()), &state).await;
    assert_eq!(renewed.refusal(), (403, "banned".to_owned()));
}

#[tokio::test]
async fn a_renewal_is_recorded_as_one() {
    let sandbox = Sandbox::start().await;
    let state = first_state(&sandbox).await;
    sandbox.renew(&chat_token(&dana()), &state).await;
    let recorded = sandbox.get("/zendesk/exchanges").await.json();
    assert_eq!(
        (&recorded[0]["call"], &recorded[1]["call"]),
        (&json!("chat_login"), &json!("chat_renewal"))
    );
}
