//! Every position of the failure switches, on each of the APIs.

use std::time::Instant;

use reqwest::Method;
use sandbox::zendesk::{Failure, SettingsChange};
use serde_json::{Value, json};

use super::client::{chat_token, dana, messaging_dana, messaging_token};
use crate::harness::{Reply, Sandbox};

/// Sends a valid request to each of the three APIs while they fail.
async fn failing(failure: Failure) -> (Sandbox, [Reply; 3]) {
    let sandbox = Sandbox::start().await;
    let id = sandbox.dana_id().await;
    sandbox.running.zendesk().change(&SettingsChange {
        chat_failure: Some(failure),
        visitors_failure: Some(failure),
        messaging_failure: Some(failure),
        slow_milliseconds: Some(80),
        ..SettingsChange::default()
    });
    let replies = [
        sandbox.trade(&chat_token(&dana())).await,
        sandbox
            .api(Method::GET, &format!("visitors/{id}"), None)
            .await,
        sandbox.messaging(&messaging_token(&messaging_dana())).await,
    ];
    (sandbox, replies)
}

fn forced(sandbox: &Sandbox) -> usize {
    let exchanges = sandbox.running.zendesk().exchanges();
    let forced = exchanges
        .iter()
        .filter(|exchange| exchange.outcome == "forced_failure");
    forced.count()
}

#[tokio::test]
async fn server_error_is_a_500_in_each_apis_form() {
    let (sandbox, replies) = failing(Failure::ServerError).await;
    for reply in &replies {
        assert_eq!(reply.status, 500);
        assert!(reply.json().is_object());
    }
    assert_eq!(forced(&sandbox), 3);
}

#[tokio::test]
async fn empty_is_a_200_with_an_empty_object() {
    let (sandbox, replies) = failing(Failure::Empty).await;
    for reply in replies {
        assert_eq!((reply.status, reply.json()), (200, json!({})));
    }
    assert_eq!(forced(&sandbox), 3);
}

#[tokio::test]
async fn malformed_is_a_200_with_truncated_json() {
    let (sandbox, replies) = failing(Failure::Malformed).await;
    for reply in replies {
        assert_eq!(
            (reply.status, reply.header("content-type")),
            (200, "application/json")
        );
        assert!(serde_json::from_str::<Value>(&reply.body).is_err());
    }
    assert_eq!(forced(&sandbox), 3);
}

#[tokio::test]
async fn huge_is_many_megabytes_of_valid_json() {
    let (_, replies) = failing(Failure::Huge).await;
    for reply in replies {
        assert!(reply.body.len() > 30_000_000);
        assert!(reply.json().is_object());
    }
}

#[tokio::test]
async fn slow_is_right_and_late() {
    let begin = Instant::now();
    let (sandbox, replies) = failing(Failure::Slow).await;
    assert!(begin.elapsed().as_millis() >= 3 * 80);
    for reply in replies {
        assert_eq!(reply.status, 200);
    }
    assert_eq!(forced(&sandbox), 0);
}

#[tokio::test]
async fn a_spoiled_answer_does_not_hide_a_wrong_request() {
    for failure in [Failure::Empty, Failure::Malformed, Failure::Huge] {
        let (sandbox, _) = failing(failure).await;
        assert_eq!(sandbox.trade("x").await.status, 401);
        assert_eq!(sandbox.messaging("x").await.status, 401);
        let unknown = sandbox.api(Method::GET, "visitors/unknown", None).await;
        assert_eq!(unknown.status, 404);
    }
}

#[tokio::test]
async fn each_api_fails_independently() {
    let sandbox = Sandbox::start().await;
    sandbox.running.zendesk().change(&SettingsChange {
        messaging_failure: Some(Failure::ServerError),
        ..SettingsChange::default()
    });
    let id = sandbox.dana_id().await;
    let shown = sandbox
        .api(Method::GET, &format!("visitors/{id}"), None)
        .await;
    assert_eq!(shown.status, 200);
    let refused = sandbox.messaging(&messaging_token(&messaging_dana())).await;
    assert_eq!(refused.status, 500);
}
