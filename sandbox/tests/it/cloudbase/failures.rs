//! Every position of the failure switch.

use sandbox::cloudbase::{Failure, Outcome, SettingsChange};
use serde_json::Value;

use super::host::{assert_is_refusal, claims};
use crate::harness::{Reply, Sandbox};

async fn failing(failure: Failure) -> (Sandbox, Reply) {
    let sandbox = Sandbox::start().await;
    sandbox.running.cloudbase().change(&SettingsChange {
        failure: Some(failure),
        slow_milliseconds: Some(80),
        ..SettingsChange::default()
    });
    let reply = sandbox.sign_in(&sandbox.ticket(&claims())).await;
    (sandbox, reply)
}

#[tokio::test]
async fn server_error_is_a_500_that_the_sdk_sees() {
    let (sandbox, reply) = failing(Failure::ServerError).await;
    assert_is_refusal(&reply);
    assert_eq!(reply.refusal(), (500, "internal".to_owned()));
    assert_eq!(sandbox.outcome(), Outcome::ForcedFailure);
    assert!(sandbox.running.cloudbase().users().is_empty());
}

#[tokio::test]
async fn bad_gateway_is_a_502_that_is_no_json() {
    let (_, reply) = failing(Failure::BadGateway).await;
    assert_eq!(reply.status, 502);
    assert!(reply.header("content-type").starts_with("text/html"));
    assert!(serde_json::from_str::<Value>(&reply.body).is_err());
}

#[tokio::test]
async fn malformed_is_a_200_with_truncated_json() {
    let (sandbox, reply) = failing(Failure::Malformed).await;
    assert_eq!(
        (reply.status, reply.header("content-type")),
        (200, "application/json")
    );
    assert!(serde_json::from_str::<Value>(&reply.body).is_err());
    assert_eq!(sandbox.outcome(), Outcome::ForcedFailure);
    sandbox.sign_in("nonsense").await;
    assert_eq!(sandbox.outcome(), Outcome::MalformedTicket);
}

#[tokio::test]
async fn slow_is_the_right_answer_as_late_as_the_switch_says() {
    let begin = std::time::Instant::now();
    let (sandbox, reply) = failing(Failure::Slow).await;
    assert!(begin.elapsed().as_millis() >= 80);
    assert_eq!((reply.status, sandbox.outcome()), (200, Outcome::Ok));
}

#[tokio::test]
async fn none_ends_the_failure_at_every_endpoint() {
    let (sandbox, _) = failing(Failure::ServerError).await;
    let tokens = Value::from_iter([("access_token", "x"), ("refresh_token", "x")]);
    for reply in [
        sandbox.me(&tokens).await,
        sandbox.refresh(&tokens).await,
        sandbox.revoke(&tokens["access_token"]).await,
    ] {
        assert_eq!(reply.status, 500);
    }
    sandbox.running.cloudbase().change(&SettingsChange {
        failure: Some(Failure::None),
        ..SettingsChange::default()
    });
    sandbox.signed_in().await;
}
