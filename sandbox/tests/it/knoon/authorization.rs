//! Who may request credentials. All refusals look alike to the client; only the record distinguishes them.

use reqwest::RequestBuilder;
use sandbox::knoon::Outcome;
use serde_json::json;

use super::client::{KEY, dana, dana_with};
use crate::harness::{Reply, Sandbox, assert_not_logged};

const OTHER_ORG: &str = "org_another_user";
const OTHER_KEY: &str = "knoon-key-of-another-user-not-for-production";

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
async fn neither_key_nor_token_is_recorded_or_logged() {
    let sandbox = Sandbox::start().await;
    let token = sandbox.token().await;
    Reply::of(
        sandbox
            .login()
            .basic_auth(KEY, Some("org_demo"))
            .json(&dana()),
    )
    .await;
    sandbox.session("cb_demo", &token).await;
    sandbox.session("cb_partner", &token).await;
    for path in ["/knoon/exchanges", "/knoon", "/knoon/control"] {
        let body = sandbox.get(path).await.body;
        assert!(!body.contains(KEY) && !body.contains(&token), "{path}");
    }
    assert_not_logged(&[KEY, &token]);
}

#[tokio::test]
async fn each_organization_has_a_key_of_its_own_and_its_own_chat_boxes() {
    let sandbox = Sandbox::start().await;
    let ask = async |org, key, chat_box| {
        let body = dana_with("chatBoxId", json!(chat_box));
        let request = sandbox.login().basic_auth(org, Some(key)).json(&body);
        let status = Reply::of(request).await.status;
        let exchange = sandbox.running.knoon().exchanges().pop().unwrap();
        (status, exchange.outcome, exchange.org)
    };
    let someone = Some(OTHER_ORG.to_owned());
    assert_eq!(
        ask(OTHER_ORG, OTHER_KEY, "cb_foreign").await,
        (200, Outcome::Issued, someone.clone())
    );
    assert_eq!(
        ask(OTHER_ORG, OTHER_KEY, "cb_demo").await,
        (400, Outcome::UnknownChatBox, someone)
    );
    for (org, key) in [("org_demo", OTHER_KEY), (OTHER_ORG, KEY)] {
        for chat_box in ["cb_demo", "cb_foreign"] {
            let wrong_key = (401, Outcome::WrongApiKey, None);
            assert_eq!(ask(org, key, chat_box).await, wrong_key, "{org}");
        }
    }
}

#[tokio::test]
async fn a_revoked_key_is_refused_until_it_is_back() {
    let sandbox = Sandbox::start().await;
    for (position, status) in [("replaced", 401), ("configured", 200)] {
        sandbox.control(&json!({ "apiKey": position })).await;
        let reply = sandbox.credentials(&dana()).await;
        assert_eq!(reply.status, status, "{position}");
    }
    let outcomes = sandbox.running.knoon().exchanges();
    assert_eq!(outcomes[0].outcome, Outcome::WrongApiKey);
}
