//! Exchanging a host's token for an `id_token`: the form, the response, the visitor.

use reqwest::Method;
use serde_json::json;

use super::client::{ACCOUNT_KEY, DANA, chat_token, dana, dana_with};
use crate::harness::{NOW, Reply, Sandbox};

#[tokio::test]
async fn a_right_token_becomes_an_identity_for_two_hours() {
    let sandbox = Sandbox::start().await;
    let reply = sandbox.trade(&chat_token(&dana())).await;
    assert_eq!(
        (reply.status, reply.header("cache-control")),
        (200, "no-store")
    );
    let response = reply.json();
    assert_eq!(response["expires_in"], 7200);
    assert_eq!(
        (&response["error"], &response["success"]),
        (&json!(null), &json!(true))
    );
    assert!(response["id_token"].as_str().unwrap().len() >= 32);
    assert!(response["state"].as_str().unwrap().len() >= 32);
    assert_eq!(response.as_object().unwrap().len(), 5);
}

#[tokio::test]
async fn the_first_login_makes_a_visitor_and_the_next_one_updates_it() {
    let sandbox = Sandbox::start().await;
    let id = sandbox.dana_id().await;
    let renamed = dana_with("name", json!("Dana D. Demo"));
    sandbox.trade(&chat_token(&renamed)).await;
    let visitors = sandbox.running.zendesk().visitors();
    assert_eq!(visitors.len(), 1);
    assert_eq!(
        (visitors[0].id.as_str(), visitors[0].name.as_str()),
        (id.as_str(), "Dana D. Demo")
    );
    assert_eq!(visitors[0].external_id.as_deref(), Some(DANA));
    assert_eq!(visitors[0].created, NOW);
    assert!(!visitors[0].banned);
}

#[tokio::test]
async fn the_same_address_with_another_external_id_is_another_visitor() {
    let sandbox = Sandbox::start().await;
    let dana_id = sandbox.dana_id().await;
    let other = dana_with("external_id", json!("another-user"));
    assert_eq!(sandbox.trade(&chat_token(&other)).await.status, 200);
    let visitors = sandbox.running.zendesk().visitors();
    assert_eq!(visitors.len(), 2);
    assert_eq!(visitors[0].email, visitors[1].email);
    assert_eq!(visitors[0].id, dana_id);
    assert_ne!(visitors[1].id, dana_id);
}

#[tokio::test]
async fn a_banned_visitor_is_refused_until_the_ban_is_lifted() {
    let sandbox = Sandbox::start().await;
    let id = sandbox.dana_id().await;
    assert!(sandbox.running.zendesk().ban(&id));
    let renamed = chat_token(&dana_with("name", json!("A user")));
    let reply = sandbox.trade(&renamed).await;
    assert_eq!(reply.refusal(), (403, "banned".to_owned()));
    assert_eq!(sandbox.running.zendesk().visitors()[0].name, "Dana Demo");
    assert!(sandbox.running.zendesk().unban(&id));
    assert_eq!(sandbox.trade(&renamed).await.status, 200);
    assert!(!sandbox.running.zendesk().ban("9855790.unknown"));
}

#[tokio::test]
async fn a_regenerated_secret_kills_old_tokens_and_signs_new_ones() {
    let sandbox = Sandbox::start().await;
    let zendesk = sandbox.running.zendesk();
    let old = chat_token(&dana());
    let secret = zendesk.regenerate_secret().unwrap();
    assert_eq!(
        sandbox.trade(&old).await.refusal(),
        (401, "bad_signature".to_owned())
    );
    let new = super::client::token(
        r#"{"alg":"HS256"}"#,
        &dana().to_string(),
        &secret,
        jsonwebtoken::Algorithm::HS256,
    );
    assert_eq!(sandbox.trade(&new).await.status, 200);
    zendesk.restore_secret();
    assert_eq!(sandbox.trade(&old).await.status, 200);
    assert_eq!(sandbox.trade(&new).await.status, 401);
}

#[tokio::test]
async fn an_unknown_account_key_is_refused() {
    let sandbox = Sandbox::start().await;
    let token = chat_token(&dana());
    let fields = [
        ("account_key", "another"),
        ("token", &token),
        ("format", "json"),
    ];
    let reply = sandbox.chat_form(&fields).await;
    assert_eq!(reply.refusal(), (400, "unknown_account_key".to_owned()));
}

#[tokio::test]
async fn every_field_of_the_form_is_required_once() {
    let sandbox = Sandbox::start().await;
    let token = chat_token(&dana());
    let right = [
        ("account_key", ACCOUNT_KEY),
        ("token", token.as_str()),
        ("format", "json"),
    ];
    for left_out in 0..right.len() {
        let mut fields = right.to_vec();
        let (name, _) = fields.remove(left_out);
        let reply = sandbox.chat_form(&fields).await;
        assert_eq!(
            reply.refusal(),
            (400, "malformed_form".to_owned()),
            "{name}"
        );
        fields.push((name, ""));
        assert_eq!(sandbox.chat_form(&fields).await.status, 400, "empty {name}");
        let twice = [right.as_slice(), &right[left_out..=left_out]].concat();
        assert_eq!(sandbox.chat_form(&twice).await.status, 400, "twice {name}");
    }
    let mut dataiframe = right;
    dataiframe[2].1 = "dataiframe";
    assert_eq!(sandbox.chat_form(&dataiframe).await.status, 400);
    assert!(sandbox.running.zendesk().visitors().is_empty());
}

#[tokio::test]
async fn only_a_form_is_read() {
    let sandbox = Sandbox::start().await;
    let path = "/zendesk/authenticated/web/jwt";
    let token = chat_token(&dana());
    let json = json!({ "account_key": ACCOUNT_KEY, "token": token, "format": "json" });
    let reply = Reply::of(sandbox.request(Method::POST, path).json(&json)).await;
    assert_eq!(reply.refusal(), (415, "unsupported_media_type".to_owned()));
    let untyped = sandbox.request(Method::POST, path).body("format=json");
    assert_eq!(Reply::of(untyped).await.status, 415);
    let long = "x".repeat(17_000);
    assert_eq!(
        sandbox.trade(&long).await.refusal(),
        (413, "body_too_large".to_owned())
    );
    assert_eq!(sandbox.get(path).await.status, 405);
}

#[tokio::test]
async fn any_page_may_trade_and_no_cookies_are_asked_for() {
    let sandbox = Sandbox::start().await;
    for token in [chat_token(&dana()), "x".to_owned()] {
        let reply = sandbox.trade(&token).await;
        assert_eq!(reply.header("access-control-allow-origin"), "*");
        assert_eq!(reply.header("access-control-allow-credentials"), "");
    }
}

#[tokio::test]
async fn preflights_name_the_headers_that_the_sdk_may_send() {
    let sandbox = Sandbox::start().await;
    for (path, method, header) in [
        ("authenticated/web/jwt", "POST", "content-type"),
        ("chat/session", "GET", "authorization"),
        ("chat/session", "DELETE", "authorization"),
    ] {
        let preflight = sandbox
            .request(Method::OPTIONS, &format!("/zendesk/{path}"))
            .header("origin", "https://www.example.com")
            .header("access-control-request-method", method)
            .header("access-control-request-headers", header);
        let reply = Reply::of(preflight).await;
        assert_eq!(reply.header("access-control-allow-origin"), "*");
        assert_eq!(reply.header("access-control-allow-credentials"), "");
        let methods = reply.header("access-control-allow-methods");
        assert!(methods.contains(method), "{path}: {methods}");
        // A wildcard does not cover Authorization (Fetch standard, "CORS-preflight fetch").
        let headers = reply.header("access-control-allow-headers");
        assert!(headers.contains(header), "{path}: {headers}");
    }
}

#[tokio::test]
async fn a_refusal_has_details_and_no_identity() {
    let reply = Sandbox::start().await.trade("x").await;
    let response = reply.json();
    assert_eq!(response["success"], false);
    assert!(response["details"].is_string());
    assert!(response.get("id_token").is_none());
}

#[tokio::test]
async fn exchanges_are_recorded_with_whom_a_signature_proved() {
    let sandbox = Sandbox::start().await;
    let id = sandbox.dana_id().await;
    sandbox.trade("x").await;
    let recorded = sandbox.get("/zendesk/exchanges").await.json();
    assert_eq!(
        recorded,
        json!([
            {
                "time": "2027-01-15T08:00:00Z",
                "call": "chat_login",
                "externalId": DANA,
                "visitorId": id,
                "outcome": "ok",
                "details": null,
            },
            {
                "time": "2027-01-15T08:00:00Z",
                "call": "chat_login",
                "externalId": null,
                "visitorId": null,
                "outcome": "malformed_token",
                "details": "The token is not a JSON Web Token.",
            },
        ])
    );
}
