//! The pages that may identify users. The rule's details are in its unit tests.

use reqwest::Method;
use sandbox::ferndesk::Outcome;
use serde_json::json;

use super::{dana, signed, wrong_domain};
use crate::harness::{Reply, Sandbox};

async fn from(sandbox: &Sandbox, origin: Option<&str>) -> Reply {
    let mut call = sandbox.request(Method::POST, "/ferndesk/api/identify");
    if let Some(origin) = origin {
        call = call.header("origin", origin);
    }
    let body = json!({ "widgetId": "wg_demo", "token": signed(&dana()) });
    Reply::of(call.json(&body)).await
}

#[tokio::test]
async fn pages_that_share_the_help_centers_root_may_identify() {
    let sandbox = Sandbox::start().await;
    for origin in [
        "http://www.latchkey.localhost:3000",
        "http://login.latchkey.localhost:3000",
        "http://latchkey.localhost:3000",
        sandbox.running.ferndesk().help_origin().as_str(),
    ] {
        assert_eq!(from(&sandbox, Some(origin)).await.status, 200, "{origin}");
    }
}

#[tokio::test]
async fn pages_elsewhere_may_not() {
    let sandbox = Sandbox::start().await;
    for origin in [
        Some("http://a.b.latchkey.localhost:3000"),
        Some("http://www.partner.localhost:3000"),
        Some("http://localhost:3000"),
        Some("http://127.0.0.1:3000"),
        Some("https://www.example.com"),
        Some("null"),
        None,
    ] {
        let reply = from(&sandbox, origin).await;
        assert_eq!(reply.refusal(), wrong_domain(), "{origin:?}");
        let exchange = sandbox.running.ferndesk().exchanges().pop().unwrap();
        assert_eq!(exchange.outcome, Outcome::WrongDomain);
        assert_eq!(exchange.origin.as_deref(), origin);
    }
}

#[tokio::test]
async fn a_page_elsewhere_does_not_learn_whether_a_token_is_good() {
    let sandbox = Sandbox::start().await;
    let body = json!({ "widgetId": "wg_demo", "token": "stolen.or.not" });
    let call = sandbox
        .request(Method::POST, "/ferndesk/api/identify")
        .header("origin", "https://otherdomain.com");
    assert_eq!(Reply::of(call.json(&body)).await.refusal(), wrong_domain());
}
