//! Every position of the failure switch.

use sandbox::ferndesk::{Failure, Outcome, SettingsChange};
use serde_json::Value;

use super::{dana, invalid_token, signed};
use crate::harness::{Reply, Sandbox};

async fn failing(failure: Failure) -> (Sandbox, Reply) {
    let sandbox = Sandbox::start().await;
    sandbox.running.ferndesk().set_failure(failure);
    let reply = sandbox.identified_by(&signed(&dana())).await;
    (sandbox, reply)
}

async fn forced(failure: Failure) -> Reply {
    let (sandbox, reply) = failing(failure).await;
    let ferndesk = sandbox.running.ferndesk();
    let outcome = ferndesk.exchanges().pop().unwrap().outcome;
    assert_eq!(outcome, Outcome::ForcedFailure);
    assert!(ferndesk.identified().is_empty());
    reply
}

#[tokio::test]
async fn server_error_is_a_500() {
    let reply = forced(Failure::ServerError).await;
    assert_eq!(reply.refusal(), (500, "something went wrong".to_owned()));
}

#[tokio::test]
async fn malformed_is_a_200_with_truncated_json() {
    let reply = forced(Failure::Malformed).await;
    assert_eq!(
        (reply.status, reply.header("content-type")),
        (200, "application/json")
    );
    assert!(serde_json::from_str::<Value>(&reply.body).is_err());
}

#[tokio::test]
async fn malformed_does_not_hide_a_wrong_token() {
    let sandbox = Sandbox::start().await;
    sandbox.running.ferndesk().set_failure(Failure::Malformed);
    assert_eq!(sandbox.identified_by("x").await.refusal(), invalid_token());
}

#[tokio::test]
async fn slow_is_twelve_seconds_unless_told_otherwise() {
    let sandbox = Sandbox::start().await;
    let ferndesk = sandbox.running.ferndesk();
    assert_eq!(ferndesk.settings().slow_milliseconds, 12_000);
    ferndesk.change(&SettingsChange {
        failure: Some(Failure::Slow),
        slow_milliseconds: Some(80),
        ..SettingsChange::default()
    });
    let begin = std::time::Instant::now();
    let reply = sandbox.identified_by(&signed(&dana())).await;
    assert!(begin.elapsed().as_millis() >= 80);
    assert_eq!(reply.status, 200);
}

#[tokio::test]
async fn none_ends_the_failure() {
    let (sandbox, _) = failing(Failure::ServerError).await;
    sandbox.running.ferndesk().set_failure(Failure::None);
    assert_eq!(sandbox.identified_by(&signed(&dana())).await.status, 200);
}
