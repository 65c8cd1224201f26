//! Every position of the failure switch.

use sandbox::knoon::{Failure, Outcome, SettingsChange};
use serde_json::{Value, json};

use super::client::{KEY, dana};
use crate::harness::{Reply, Sandbox};

async fn failing(failure: Failure) -> (Sandbox, Reply) {
    let sandbox = Sandbox::start().await;
    sandbox.running.knoon().set_failure(failure);
    let reply = sandbox.credentials(&dana()).await;
    (sandbox, reply)
}

async fn forced(failure: Failure) -> Reply {
    let (sandbox, reply) = failing(failure).await;
    let outcome = sandbox.running.knoon().exchanges().pop().unwrap().outcome;
    assert_eq!(outcome, Outcome::ForcedFailure);
    reply
}

#[tokio::test]
async fn unauthorized_looks_like_a_revoked_key() {
    let reply = forced(Failure::Unauthorized).await;
    assert_eq!(reply.refusal(), (401, "invalid_credentials".to_owned()));
}

#[tokio::test]
async fn bad_request_is_a_400() {
    assert_eq!(
        forced(Failure::BadRequest).await.refusal(),
        (400, "bad_request".to_owned())
    );
}

#[tokio::test]
async fn server_error_is_a_500() {
    assert_eq!(
        forced(Failure::ServerError).await.refusal(),
        (500, "internal_error".to_owned())
    );
}

#[tokio::test]
async fn empty_is_a_success_without_a_credential() {
    let reply = forced(Failure::Empty).await;
    assert_eq!((reply.status, reply.json()), (200, json!({ "data": null })));
}

#[tokio::test]
async fn long_is_a_token_that_no_cookie_can_hold() {
    let reply = forced(Failure::Long).await;
    assert_eq!(reply.status, 200);
    assert!(reply.json()["data"]["jwt"].as_str().unwrap().len() > 4096);
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
async fn huge_is_many_megabytes_of_valid_json_without_a_length() {
    let reply = forced(Failure::Huge).await;
    assert_eq!((reply.status, reply.header("content-length")), (200, ""));
    assert!(reply.body.len() > 30_000_000);
    assert!(reply.json()["data"]["jwt"].is_string());
}

#[tokio::test]
async fn slow_is_twelve_seconds_unless_told_otherwise() {
    let sandbox = Sandbox::start().await;
    let knoon = sandbox.running.knoon();
    assert_eq!(knoon.settings().slow_milliseconds, 12_000);
    knoon.change(&SettingsChange {
        failure: Some(Failure::Slow),
        slow_milliseconds: Some(80),
        ..SettingsChange::default()
    });
    let begin = std::time::Instant::now();
    let reply = sandbox.credentials(&dana()).await;
    assert!(begin.elapsed().as_millis() >= 80);
    assert!(reply.json()["data"]["jwt"].is_string());
}

#[tokio::test]
async fn a_spoiled_answer_does_not_hide_a_wrong_request() {
    let sandbox = Sandbox::start().await;
    for failure in [Failure::Empty, Failure::Malformed, Failure::Huge] {
        sandbox.running.knoon().set_failure(failure);
        let request = sandbox.login().basic_auth("org_x", Some(KEY)).json(&dana());
        assert_eq!(Reply::of(request).await.status, 401, "{failure:?}");
    }
}

#[tokio::test]
async fn none_ends_the_failure() {
    let (sandbox, _) = failing(Failure::ServerError).await;
    sandbox.running.knoon().set_failure(Failure::None);
    assert_eq!(sandbox.credentials(&dana()).await.status, 200);
}
