//! What the embedded chat box loads.

use reqwest::Method;
use serde_json::json;

use super::client::dana;
use crate::harness::{Reply, Sandbox};

#[tokio::test]
async fn any_page_may_embed_the_script() {
    let sandbox = Sandbox::start().await;
    sandbox.assert_embeddable("/knoon/chatbox.js").await;
}

#[tokio::test]
async fn a_chat_box_tells_its_name_and_where_to_sign_in() {
    let sandbox = Sandbox::start().await;
    let reply = sandbox.get("/knoon/v1/chat-boxes/cb_partner").await;
    assert_eq!(
        (reply.status, reply.header("access-control-allow-origin")),
        (200, "*")
    );
    assert_eq!(
        reply.json(),
        json!({
            "id": "cb_partner",
            "name": "Partner support",
            "signInUrl": "http://login.latchkey.localhost:3000/login?chatBoxId=cb_partner",
            "blockSignOut": false,
        })
    );
}

#[tokio::test]
async fn a_chat_box_that_no_one_can_sign_in_to_is_not_found() {
    let sandbox = Sandbox::start().await;
    for id in ["cb_nope", "cb_disabled"] {
        let reply = sandbox.get(&format!("/knoon/v1/chat-boxes/{id}")).await;
        assert_eq!(reply.refusal(), (404, "unknown_chat_box".to_owned()));
        assert_eq!(reply.header("access-control-allow-origin"), "*");
    }
}

#[tokio::test]
async fn browsers_may_send_the_token_from_any_page_but_no_cookies() {
    let sandbox = Sandbox::start().await;
    let preflight = sandbox
        .request(Method::OPTIONS, "/knoon/v1/session?chatBoxId=cb_demo")
        .header("origin", "https://www.example.com")
        .header("access-control-request-method", "GET")
        .header("access-control-request-headers", "authorization");
    let reply = Reply::of(preflight).await;
    assert_eq!(reply.header("access-control-allow-origin"), "*");
    assert_eq!(
        reply.header("access-control-allow-headers"),
        "authorization"
    );
    assert_eq!(reply.header("access-control-allow-credentials"), "");
}

#[tokio::test]
async fn browsers_may_not_ask_for_credentials() {
    let sandbox = Sandbox::start().await;
    let reply = sandbox.credentials(&dana()).await;
    assert_eq!(reply.header("access-control-allow-origin"), "");
}
