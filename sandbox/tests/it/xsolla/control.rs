//! The console, the switches and the record.

use reqwest::Method;
use sandbox::xsolla::{PERSONAS, Settings, TokenFault};
use serde_json::{Value, json};

use super::client::{
    CLIENT_SECRET, DANA, PASSWORD, SECRET, exchange, jwt_request, oauth_request, with,
};
use crate::harness::{Reply, Sandbox, assert_not_logged};

async fn change(sandbox: &Sandbox, change: &Value) -> Reply {
    let request = sandbox.request(Method::POST, "/xsolla/control");
    Reply::of(request.json(change)).await
}

#[tokio::test]
async fn the_switches_start_where_everything_works() {
    let state = Sandbox::start().await.get("/xsolla/control").await.json();
    let expected = json!({
        "signature": "HS256",
        "secret": "configured",
        "tokenFault": "none",
        "keys": "none",
        "api": "none",
        "lifetimeSeconds": 86400,
        "slowMilliseconds": 12000,
    });
    assert_eq!(state, expected);
}

#[tokio::test]
async fn a_change_moves_only_what_it_names_in_json_and_by_form() {
    let sandbox = Sandbox::start().await;
    let state = change(&sandbox, &json!({ "tokenFault": "alg_none" }))
        .await
        .json();
    assert_eq!(
        (&state["tokenFault"], &state["signature"]),
        (&json!("alg_none"), &json!("HS256"))
    );
    let form = sandbox
        .request(Method::POST, "/xsolla/control")
        .form(&[("signature", "RS256"), ("lifetimeSeconds", "50")]);
    let reply = Reply::of(form).await;
    assert_eq!((reply.status, reply.header("location")), (303, "/xsolla"));
    let settings = sandbox.running.xsolla().settings();
    assert_eq!(settings.token_fault, TokenFault::AlgNone);
    assert_eq!(settings.lifetime_seconds, 50);
}

#[tokio::test]
async fn every_position_has_its_code() {
    let sandbox = Sandbox::start().await;
    for &(fault, code, _) in TokenFault::ALL {
        let state = change(&sandbox, &json!({ "tokenFault": code }))
            .await
            .json();
        assert_eq!(state["tokenFault"], code);
        assert_eq!(sandbox.running.xsolla().settings().token_fault, fault);
    }
    let page = sandbox.get("/xsolla").await.body;
    assert!(page.contains(r#"<option value="oauth_without_jti" selected>"#));
}

#[tokio::test]
async fn nonsense_and_other_sites_change_nothing() {
    let sandbox = Sandbox::start().await;
    for nonsense in [json!({ "keys": "explode" }), json!({ "key": "slow" })] {
        assert_eq!(change(&sandbox, &nonsense).await.status, 422, "{nonsense}");
    }
    let keys = sandbox.xsolla_keys().await;
    for path in ["/xsolla/control", "/xsolla/keys/rotate"] {
        let foreign = sandbox
            .request(Method::POST, path)
            .header("origin", "http://evil.test")
            .form(&[("api", "slow")]);
        assert_eq!(Reply::of(foreign).await.status, 403, "{path}");
    }
    assert_eq!(sandbox.running.xsolla().settings(), Settings::default());
    assert_eq!(sandbox.xsolla_keys().await, keys);
}

#[tokio::test]
async fn the_console_rotates_the_keys() {
    let sandbox = Sandbox::start().await;
    let old = sandbox.xsolla_keys().await[0].clone();
    let reply = Reply::of(sandbox.request(Method::POST, "/xsolla/keys/rotate")).await;
    assert_eq!((reply.status, reply.header("location")), (303, "/xsolla"));
    let keys = sandbox.xsolla_keys().await;
    assert_eq!((keys.len(), &keys[1]), (2, &old));
    let page = sandbox.get("/xsolla").await.body;
    for key in &keys {
        assert!(page.contains(key["kid"].as_str().unwrap()));
    }
}

#[tokio::test]
async fn the_record_tells_what_was_asked() {
    let sandbox = Sandbox::start().await;
    let token = sandbox.xsolla_token(DANA).await;
    sandbox.xsolla_choose(&jwt_request(), "unknown").await;
    Reply::of(sandbox.xsolla_login(&with(jwt_request(), &[("projectId", "x")]))).await;
    sandbox.xsolla_validate(&token).await;
    sandbox.xsolla_exchange(&exchange("made-up")).await;
    sandbox.xsolla_keys().await;
    change(&sandbox, &json!({ "api": "unavailable" })).await;
    sandbox.xsolla_validate(&token).await;

    let record = sandbox.get("/xsolla/exchanges").await.json();
    assert_eq!(record[0]["time"], "2027-01-15T08:00:00Z");
    let steps: Vec<_> = record
        .as_array()
        .unwrap()
        .iter()
        .map(|step| json!([step["call"], step["outcome"], step["user"]]))
        .collect();
    assert_eq!(
        steps,
        [
            json!(["page", "ok", DANA.sub]),
            json!(["page", "unknown_persona", null]),
            json!(["login", "003-061", null]),
            json!(["validation", "ok", DANA.sub]),
            json!(["token", "invalid_grant", null]),
            json!(["keys", "ok", null]),
            json!(["validation", "forced_failure", null]),
        ]
    );
    assert_eq!(sandbox.running.xsolla().exchanges().len(), 7);
    let page = sandbox.get("/xsolla").await.body;
    assert!(page.contains("POST /oauth2/token") && page.contains("invalid grant"));
}

#[tokio::test]
async fn no_secret_is_shown_recorded_or_logged() {
    let sandbox = Sandbox::start().await;
    let token = sandbox.xsolla_token(&PERSONAS[1]).await;
    let code = sandbox.xsolla_code(&oauth_request()).await;
    let server_token = sandbox.xsolla_server_token().await;
    Reply::of(sandbox.xsolla_login(&jwt_request())).await;
    sandbox.xsolla_exchange(&exchange(&code)).await;
    sandbox.xsolla_validate(&token).await;
    let secrets = [
        SECRET,
        CLIENT_SECRET,
        PASSWORD,
        &token,
        &code,
        &server_token,
    ];
    for path in ["/xsolla", "/xsolla/exchanges", "/xsolla/control"] {
        let body = sandbox.get(path).await.body;
        for secret in secrets {
            assert!(!body.contains(secret), "{path}: {secret}");
        }
    }
    assert_not_logged(&secrets);
}
