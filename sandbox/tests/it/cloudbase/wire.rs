//! What browsers need from the gateway: preflights, JSON of any `Content-Type`, and errors that the SDK sees.

use reqwest::Method;
use sandbox::cloudbase::Outcome;
use serde_json::json;

use super::host::{ENV, assert_is_refusal, claims};
use crate::harness::{Reply, Sandbox};

const ENDPOINTS: [&str; 5] = [
    "signin/custom",
    "token",
    "user/me",
    "revoke",
    "user/signout",
];

#[tokio::test]
async fn every_endpoint_answers_the_preflight_of_the_sdk() {
    let sandbox = Sandbox::start().await;
    for endpoint in ENDPOINTS {
        let request = sandbox
            .request(Method::OPTIONS, &format!("/auth/v1/{endpoint}"))
            .header("origin", "http://www.latchkey.localhost:3000")
            .header("access-control-request-method", "POST")
            .header("access-control-request-headers", "x-device-id");
        let reply = Reply::of(request).await;
        assert_eq!(reply.status, 200, "{endpoint}");
        assert_eq!(reply.header("access-control-allow-origin"), "*");
        let allowed = reply.header("access-control-allow-headers");
        for header in [
            "authorization",
            "content-type",
            "x-device-id",
            "x-request-id",
            "x-sdk-version",
        ] {
            assert!(allowed.contains(header), "{endpoint}: {allowed}");
        }
    }
    assert!(sandbox.running.cloudbase().exchanges().is_empty());
}

#[tokio::test]
async fn a_page_may_read_refusals_too() {
    let sandbox = Sandbox::start().await;
    let request = sandbox.request(Method::GET, "/auth/v1/user/me");
    let reply = Reply::of(request.header("origin", "http://www.latchkey.localhost:3000")).await;
    assert_eq!(reply.header("access-control-allow-origin"), "*");
    assert_is_refusal(&reply);
}

#[tokio::test]
async fn a_body_is_json_whatever_it_is_announced_as() {
    let sandbox = Sandbox::start().await;
    let body = json!({ "provider_id": "custom", "ticket": sandbox.ticket(&claims()) });
    for announced in ["text/plain;charset=UTF-8", "application/json", "image/png"] {
        let request = sandbox.gateway("signin/custom").body(body.to_string());
        let reply = Reply::of(request.header("content-type", announced)).await;
        assert_eq!(reply.status, 200, "{announced}");
    }
    let unannounced = sandbox.gateway("signin/custom").body(body.to_string());
    assert_eq!(Reply::of(unannounced).await.status, 200);
}

#[tokio::test]
async fn a_body_that_is_not_what_it_should_be_is_refused() {
    let sandbox = Sandbox::start().await;
    let ticket = sandbox.ticket(&claims());
    for body in [
        String::new(),
        "{".to_owned(),
        "[]".to_owned(),
        json!({ "provider_id": "custom" }).to_string(),
        json!({ "ticket": ticket }).to_string(),
        json!({ "provider_id": "custom", "ticket": [ticket] }).to_string(),
        format!("provider_id=custom&ticket={ticket}"),
    ] {
        let reply = Reply::of(sandbox.gateway("signin/custom").body(body)).await;
        assert_is_refusal(&reply);
        assert_eq!(sandbox.outcome(), Outcome::MalformedBody);
    }
    let huge = sandbox
        .gateway("signin/custom")
        .body("x".repeat(16 * 1024 + 1));
    assert_is_refusal(&Reply::of(huge).await);
    assert_eq!(sandbox.outcome(), Outcome::BodyTooLarge);
}

#[tokio::test]
async fn only_the_custom_provider_takes_tickets() {
    let sandbox = Sandbox::start().await;
    let body = json!({ "provider_id": "wechat", "ticket": sandbox.ticket(&claims()) });
    let reply = Reply::of(sandbox.gateway("signin/custom").body(body.to_string())).await;
    assert_is_refusal(&reply);
    assert_eq!(sandbox.outcome(), Outcome::UnknownProvider);
}

#[tokio::test]
async fn the_client_must_be_the_environment() {
    let sandbox = Sandbox::start().await;
    let body = json!({ "provider_id": "custom", "ticket": sandbox.ticket(&claims()) });
    for query in [
        String::new(),
        "?client_id=".to_owned(),
        "?client_id=another-env".to_owned(),
        format!("?client_id={ENV}&client_id={ENV}"),
    ] {
        for endpoint in ["signin/custom", "token", "revoke"] {
            let path = format!("/auth/v1/{endpoint}{query}");
            let request = sandbox.request(Method::POST, &path).body(body.to_string());
            assert_is_refusal(&Reply::of(request).await);
            assert_eq!(sandbox.outcome(), Outcome::UnknownClient, "{path}");
        }
    }
    assert!(sandbox.running.cloudbase().users().is_empty());
}
