//! The body of a request for a credential, and the response.

use sandbox::knoon::Outcome;
use serde_json::{Value, json};

use super::client::{KEY, dana, dana_with};
use crate::harness::{NOW, Reply, Sandbox};

async fn refused(body: &Value, status: u16, outcome: Outcome) -> String {
    let sandbox = Sandbox::start().await;
    let reply = sandbox.credentials(body).await;
    assert_eq!(
        reply.refusal(),
        (status, outcome.code().to_owned()),
        "{body}"
    );
    assert!(reply.json().get("data").is_none());
    assert_eq!(
        sandbox.running.knoon().exchanges().pop().unwrap().outcome,
        outcome
    );
    reply.json()["message"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_right_request_gets_a_credential_for_ten_minutes() {
    let sandbox = Sandbox::start().await;
    let reply = sandbox.credentials(&dana()).await;
    assert_eq!(
        (reply.status, reply.header("cache-control")),
        (200, "no-store")
    );
    let data = &reply.json()["data"];
    assert_eq!(data["expiresAt"], json!(NOW + 600));
    assert_eq!(data["chatBoxId"], json!("cb_demo"));
    assert_eq!(data["jwt"].as_str().unwrap().split('.').count(), 3);
    assert_eq!(data.as_object().unwrap().len(), 3);
}

#[tokio::test]
async fn an_exchange_is_recorded_with_who_and_when() {
    let sandbox = Sandbox::start().await;
    sandbox.credentials(&dana()).await;
    let recorded = sandbox.get("/knoon/exchanges").await.json();
    assert_eq!(
        recorded,
        json!([{
            "time": "2027-01-15T08:00:00Z",
            "call": "credentials",
            "org": "org_demo",
            "chatBoxId": "cb_demo",
            "externalId": "0123456789abcdef0123456789abcdef",
            "email": "demo@latchkey.localhost",
            "outcome": "issued",
        }])
    );
}

#[tokio::test]
async fn required_fields_must_be_there_and_be_strings() {
    for field in ["email", "externalId", "displayName", "chatBoxId"] {
        let mut without = dana();
        without.as_object_mut().unwrap().remove(field);
        let message = refused(&without, 422, Outcome::InvalidField).await;
        assert_eq!(message, format!("{field} is required."));
        for wrong in [json!(null), json!(7), json!(true), json!(["x"]), json!({})] {
            let message = refused(&dana_with(field, wrong), 422, Outcome::InvalidField).await;
            assert_eq!(message, format!("{field} must be a string."));
        }
    }
}

#[tokio::test]
async fn identifying_fields_must_not_be_empty() {
    for field in ["email", "externalId", "chatBoxId"] {
        let message = refused(&dana_with(field, json!(" ")), 422, Outcome::InvalidField).await;
        assert_eq!(message, format!("{field} must not be empty."));
    }
}

#[tokio::test]
async fn an_email_needs_both_of_its_sides() {
    for email in ["dana", "@example.com", "dana@"] {
        refused(
            &dana_with("email", json!(email)),
            422,
            Outcome::InvalidField,
        )
        .await;
    }
}

#[tokio::test]
async fn a_photo_is_optional_but_never_anything_else_than_a_string() {
    let sandbox = Sandbox::start().await;
    let mut without = dana();
    without.as_object_mut().unwrap().remove("photoURL");
    assert_eq!(sandbox.credentials(&without).await.status, 200);
    let with = dana_with("photoURL", json!("https://example.com/dana.png"));
    assert_eq!(sandbox.credentials(&with).await.status, 200);
    refused(&dana_with("photoURL", json!(1)), 422, Outcome::InvalidField).await;
}

#[tokio::test]
async fn an_unknown_chat_box_is_refused() {
    refused(
        &dana_with("chatBoxId", json!("cb_nope")),
        400,
        Outcome::UnknownChatBox,
    )
    .await;
}

#[tokio::test]
async fn another_organizations_chat_box_is_refused_like_an_unknown_one() {
    let foreign = dana_with("chatBoxId", json!("cb_foreign"));
    let unknown = dana_with("chatBoxId", json!("cb_nope"));
    let message = refused(&foreign, 400, Outcome::UnknownChatBox).await;
    assert_eq!(
        message,
        refused(&unknown, 400, Outcome::UnknownChatBox).await
    );
}

#[tokio::test]
async fn a_chat_box_without_sign_in_is_refused() {
    refused(
        &dana_with("chatBoxId", json!("cb_disabled")),
        400,
        Outcome::SignInDisabled,
    )
    .await;
}

#[tokio::test]
async fn a_body_that_is_no_json_object_is_refused() {
    refused(&json!([1]), 400, Outcome::MalformedJson).await;
    let sandbox = Sandbox::start().await;
    let request = sandbox.login().basic_auth("org_demo", Some(KEY));
    let request = request
        .header("content-type", "application/json")
        .body("{\"email\":");
    assert_eq!(
        Reply::of(request).await.refusal(),
        (400, "malformed_json".to_owned())
    );
}

#[tokio::test]
async fn a_body_that_is_not_announced_as_json_is_refused() {
    let sandbox = Sandbox::start().await;
    for content_type in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "application/jsonx",
    ] {
        let request = sandbox.login().basic_auth("org_demo", Some(KEY));
        let request = request
            .header("content-type", content_type)
            .body(dana().to_string());
        let refusal = Reply::of(request).await.refusal();
        assert_eq!(
            refusal,
            (415, "unsupported_media_type".to_owned()),
            "{content_type}"
        );
    }
}

#[tokio::test]
async fn a_body_over_sixteen_kilobytes_is_refused() {
    let body = dana_with("displayName", json!("x".repeat(17_000)));
    refused(&body, 413, Outcome::BodyTooLarge).await;
}
