//! Who may ask for credentials. To the outside all refusals look alike; the record tells them apart.

use reqwest::RequestBuilder;
use sandbox::knoon::Outcome;

use super::client::{KEY, dana};
use crate::harness::{Reply, Sandbox};

async fn refused_as(outcome: Outcome, authorize: impl Fn(RequestBuilder) -> RequestBuilder) {
    let sandbox = Sandbox::start().await;
    let reply = Reply::of(authorize(sandbox.login()).json(&dana())).await;
    assert_eq!(reply.refusal(), (401, "invalid_credentials".to_owned()));
    assert!(reply.header("www-authenticate").starts_with("Basic"));
    let exchange = sandbox.running.knoon().exchanges().pop().unwrap();
    assert_eq!((exchange.outcome, exchange.org), (outcome, None));
}

#[tokio::test]
async fn a_request_without_authorization_is_refused() {
    refused_as(Outcome::MissingAuthorization, |request| request).await;
}

#[tokio::test]
async fn bearer_authorization_is_refused() {
    refused_as(Outcome::MalformedAuthorization, |request| {
        request.bearer_auth(KEY)
    })
    .await;
}

#[tokio::test]
async fn basic_authorization_that_is_not_base64_is_refused() {
    let header = |request: RequestBuilder| request.header("authorization", "Basic org:key");
    refused_as(Outcome::MalformedAuthorization, header).await;
}

#[tokio::test]
async fn basic_authorization_without_a_colon_is_refused() {
    let header = |request: RequestBuilder| request.header("authorization", "Basic b3JnX2RlbW8=");
    refused_as(Outcome::MalformedAuthorization, header).await;
}

#[tokio::test]
async fn an_unknown_organization_is_refused_even_with_the_right_key() {
    refused_as(Outcome::UnknownOrganization, |request| {
        request.basic_auth("org_x", Some(KEY))
    })
    .await;
}

#[tokio::test]
async fn a_wrong_key_is_refused() {
    let nearly = &KEY[1..];
    refused_as(Outcome::WrongApiKey, |request| {
        request.basic_auth("org_demo", Some(nearly))
    })
    .await;
}

#[tokio::test]
async fn neither_key_nor_token_is_recorded() {
    let sandbox = Sandbox::start().await;
    let token = sandbox.token().await;
    Reply::of(
        sandbox
            .login()
            .basic_auth(KEY, Some("org_demo"))
            .json(&dana()),
    )
    .await;
    for path in ["/knoon/exchanges", "/knoon", "/knoon/control"] {
        let body = sandbox.get(path).await.body;
        assert!(!body.contains(KEY) && !body.contains(&token), "{path}");
    }
}
