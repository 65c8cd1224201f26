//! The console, the switches, bans and secrets over HTTP.

use reqwest::Method;
use sandbox::zendesk::{Failure, Settings};
use serde_json::{Value, json};

use super::client::{
    API_TOKEN, CHAT_SECRET, MESSAGING_SECRET, chat_token, dana, dana_with, messaging_dana,
    messaging_token,
};
use crate::harness::{Reply, Sandbox, assert_not_logged};

async fn change(sandbox: &Sandbox, change: &Value) -> Reply {
    let request = sandbox.request(Method::POST, "/zendesk/control");
    Reply::of(request.json(change)).await
}

async fn form(sandbox: &Sandbox, path: &str, fields: &[(&str, &str)]) -> Reply {
    Reply::of(sandbox.request(Method::POST, path).form(fields)).await
}

#[tokio::test]
async fn the_switches_start_where_everything_works() {
    let state = Sandbox::start().await.get("/zendesk/control").await.json();
    let expected = json!({
        "chatFailure": "none",
        "visitorsFailure": "none",
        "messagingFailure": "none",
        "slowMilliseconds": 12000,
        "clockOffsetSeconds": 0,
        "idTokenLifetimeSeconds": 7200,
        "visitorId": "dotted",
        "created": "seconds",
        "apiScope": "read_write",
        "messagingKeyActive": true,
    });
    assert_eq!(state, expected);
}

#[tokio::test]
async fn a_change_moves_only_what_it_names_in_json_and_by_form() {
    let sandbox = Sandbox::start().await;
    let state = change(&sandbox, &json!({ "chatFailure": "slow" }))
        .await
        .json();
    assert_eq!(
        (&state["chatFailure"], &state["messagingFailure"]),
        (&json!("slow"), &json!("none"))
    );
    let fields = [
        ("clockOffsetSeconds", "-300"),
        ("messagingKeyActive", "false"),
    ];
    let reply = form(&sandbox, "/zendesk/control", &fields).await;
    assert_eq!((reply.status, reply.header("location")), (303, "/zendesk"));
    let settings = sandbox.running.zendesk().settings();
    assert_eq!(settings.clock_offset_seconds, -300);
    assert!(!settings.messaging_key_active);
    assert_eq!(settings.chat_failure, Failure::Slow);
}

#[tokio::test]
async fn nonsense_and_other_sites_change_nothing() {
    let sandbox = Sandbox::start().await;
    let id = sandbox.dana_id().await;
    for nonsense in [
        json!({ "chatFailure": "explode" }),
        json!({ "chat": "slow" }),
    ] {
        assert_eq!(change(&sandbox, &nonsense).await.status, 422, "{nonsense}");
    }
    for path in [
        "/zendesk/control",
        "/zendesk/visitors",
        "/zendesk/secret/regenerate",
        "/zendesk/secret/restore",
    ] {
        let request = sandbox.request(Method::POST, path);
        let foreign = request
            .header("origin", "http://evil.test")
            .form(&[("id", id.as_str()), ("banned", "true")]);
        assert_eq!(Reply::of(foreign).await.status, 403, "{path}");
    }
    assert_eq!(sandbox.running.zendesk().settings(), Settings::default());
    assert!(!sandbox.running.zendesk().visitors()[0].banned);
    assert_eq!(sandbox.trade(&chat_token(&dana())).await.status, 200);
}

#[tokio::test]
async fn visitors_are_listed_and_banned_in_json_and_by_form() {
    let sandbox = Sandbox::start().await;
    let id = sandbox.dana_id().await;
    let listed = sandbox.get("/zendesk/visitors").await.json();
    assert_eq!(
        (&listed[0]["id"], &listed[0]["externalId"]),
        (&json!(id), &json!(super::client::DANA))
    );
    let ban = json!({ "id": id, "banned": true });
    let request = sandbox
        .request(Method::POST, "/zendesk/visitors")
        .json(&ban);
    assert_eq!(Reply::of(request).await.status, 204);
    assert_eq!(sandbox.trade(&chat_token(&dana())).await.status, 403);
    let fields = [("id", id.as_str()), ("banned", "false")];
    assert_eq!(
        form(&sandbox, "/zendesk/visitors", &fields).await.status,
        303
    );
    assert_eq!(sandbox.trade(&chat_token(&dana())).await.status, 200);
    let fields = [("id", "unknown"), ("banned", "true")];
    assert_eq!(
        form(&sandbox, "/zendesk/visitors", &fields).await.status,
        404
    );
}

#[tokio::test]
async fn the_secret_is_regenerated_and_restored_from_the_console() {
    let sandbox = Sandbox::start().await;
    let token = chat_token(&dana());
    for (path, status) in [
        ("/zendesk/secret/regenerate", 401),
        ("/zendesk/secret/restore", 200),
    ] {
        let reply = form(&sandbox, path, &[]).await;
        assert_eq!((reply.status, reply.header("location")), (303, "/zendesk"));
        assert_eq!(sandbox.trade(&token).await.status, status);
    }
}

#[tokio::test]
async fn messaging_users_are_listed() {
    let sandbox = Sandbox::start().await;
    sandbox.messaging(&messaging_token(&messaging_dana())).await;
    let users = sandbox.get("/zendesk/messaging/users").await.json();
    assert_eq!(users[0]["external_id"], super::client::DANA);
}

#[tokio::test]
async fn no_secret_and_no_token_is_shown_recorded_or_logged() {
    let sandbox = Sandbox::start().await;
    let secret = sandbox.running.zendesk().regenerate_secret().unwrap();
    sandbox.running.zendesk().restore_secret();
    let (chat, messaging) = (chat_token(&dana()), messaging_token(&messaging_dana()));
    let response = sandbox.trade(&chat).await.json();
    sandbox.messaging(&messaging).await;
    sandbox.trade(&chat[1..]).await;
    let secrets = [
        CHAT_SECRET,
        API_TOKEN,
        MESSAGING_SECRET,
        &secret,
        &chat[1..],
        &messaging,
        response["id_token"].as_str().unwrap(),
        response["state"].as_str().unwrap(),
    ];
    for path in [
        "/zendesk",
        "/zendesk/control",
        "/zendesk/exchanges",
        "/zendesk/visitors",
        "/zendesk/messaging/users",
    ] {
        let body = sandbox.get(path).await.body;
        assert!(
            secrets.iter().all(|secret| !body.contains(secret)),
            "{path}"
        );
    }
    assert_not_logged(&secrets);
}

#[tokio::test]
async fn the_console_shows_the_positions_and_escapes_what_hosts_send() {
    let sandbox = Sandbox::start().await;
    let name = json!("<script>alert(1)</script>");
    sandbox.trade(&chat_token(&dana_with("name", name))).await;
    change(&sandbox, &json!({ "visitorsFailure": "huge" })).await;
    let page = sandbox.get("/zendesk").await.body;
    assert!(page.contains(r#"<option value="huge" selected>"#));
    assert!(page.contains("&lt;script&gt;") && !page.contains("<script>alert"));
    for name in [
        "chatFailure",
        "visitorsFailure",
        "messagingFailure",
        "visitorId",
        "apiScope",
    ] {
        assert!(page.contains(&format!(r#"<select id="{name}""#)), "{name}");
    }
}
