//! The console, the switches and the log.

use reqwest::Method;
use sandbox::sso::{IdTokenFault, Settings};
use serde_json::json;

use super::client::{CHALLENGE, NONCE, SECRET, exchange, request, returned};
use crate::harness::{Reply, Sandbox};

async fn change(sandbox: &Sandbox, change: &serde_json::Value) -> Reply {
    Reply::of(sandbox.request(Method::POST, "/sso/control").json(change)).await
}

#[tokio::test]
async fn the_switches_start_where_everything_works() {
    let state = Sandbox::start().await.get("/sso/control").await.json();
    let expected = json!({
        "discovery": "none",
        "jwks": "none",
        "authorization": "none",
        "openerPolicy": "none",
        "token": "none",
        "idToken": "none",
        "userinfo": "none",
        "emailVerified": "none",
        "slowMilliseconds": 12000,
    });
    assert_eq!(state, expected);
}

#[tokio::test]
async fn a_change_moves_only_what_it_names_in_json_and_by_form() {
    let sandbox = Sandbox::start().await;
    let sso = sandbox.running.sso();
    let state = change(&sandbox, &json!({ "idToken": "alg_none" }))
        .await
        .json();
    assert_eq!(
        (&state["idToken"], &state["token"]),
        (&json!("alg_none"), &json!("none"))
    );
    let form = sandbox
        .request(Method::POST, "/sso/control")
        .form(&[("token", "slow"), ("slowMilliseconds", "50")]);
    let reply = Reply::of(form).await;
    assert_eq!((reply.status, reply.header("location")), (303, "/sso"));
    assert_eq!(sso.settings().id_token, IdTokenFault::AlgNone);
    assert_eq!(sso.settings().slow_milliseconds, 50);
    sso.reset();
    assert_eq!(sso.settings(), Settings::default());
}

#[tokio::test]
async fn nonsense_and_other_sites_change_nothing() {
    let sandbox = Sandbox::start().await;
    for nonsense in [json!({ "token": "explode" }), json!({ "tokens": "slow" })] {
        assert_eq!(change(&sandbox, &nonsense).await.status, 422, "{nonsense}");
    }
    for (method, path) in [
        (Method::POST, "/sso/control"),
        (Method::POST, "/sso/keys/rotate"),
        (Method::DELETE, "/sso/log"),
    ] {
        let foreign = sandbox
            .request(method, path)
            .header("origin", "http://evil.test")
            .form(&[("token", "slow")]);
        assert_eq!(Reply::of(foreign).await.status, 403, "{path}");
    }
    assert_eq!(sandbox.running.sso().settings(), Settings::default());
}

#[tokio::test]
async fn the_log_tells_what_was_asked() {
    let sandbox = Sandbox::start().await;
    sandbox.get("/sso/.well-known/openid-configuration").await;
    sandbox.ask(&request()).await;
    let tokens = sandbox.log_in("nora-nomail").await;
    sandbox
        .userinfo(tokens["access_token"].as_str().unwrap())
        .await;
    sandbox.exchange(&exchange("made-up")).await;

    let log = sandbox.running.sso().log();
    let asked = log.authorization_requests.back().unwrap();
    assert_eq!(asked["code_challenge"], CHALLENGE);
    assert_eq!(asked["code_challenge_method"], "S256");
    assert_eq!(asked["nonce"], NONCE);
    let json = sandbox.get("/sso/log").await.json();
    assert_eq!(
        json["calls"],
        json!({
            "discovery": 1, "jwks": 0, "authorization": 1, "token": 2, "userinfo": 1, "other_host": 0,
        })
    );
    let steps: Vec<_> = json["events"]
        .as_array()
        .unwrap()
        .iter()
        .map(|event| json!([event["step"], event["outcome"], event["sub"]]))
        .collect();
    assert_eq!(
        steps,
        [
            json!(["authorization", "ok", "nora-nomail"]),
            json!(["token", "ok", "nora-nomail"]),
            json!(["userinfo", "ok", "nora-nomail"]),
            json!(["token", "invalid_grant", null]),
        ]
    );
    let cleared = Reply::of(sandbox.request(Method::DELETE, "/sso/log")).await;
    assert_eq!(cleared.status, 204);
    assert!(sandbox.running.sso().log().events.is_empty());
}

#[tokio::test]
async fn no_secret_is_shown_or_recorded() {
    let sandbox = Sandbox::start().await;
    let response = returned(&sandbox.choose(&request(), "vera-verified").await);
    let tokens = sandbox.exchange(&exchange(&response["code"])).await.json();
    let secrets = [
        SECRET,
        &response["code"],
        tokens["access_token"].as_str().unwrap(),
        tokens["id_token"].as_str().unwrap(),
    ];
    for path in ["/sso", "/sso/log", "/sso/control"] {
        let body = sandbox.get(path).await.body;
        assert!(
            secrets.iter().all(|secret| !body.contains(secret)),
            "{path}"
        );
    }
}

#[tokio::test]
async fn the_console_shows_the_positions_and_the_keys() {
    let sandbox = Sandbox::start().await;
    sandbox.running.sso().change(IdTokenFault::SubTooLong);
    let page = sandbox.get("/sso").await.body;
    assert!(page.contains(r#"<option value="sub_too_long" selected>"#));
    for &(_, code, _) in IdTokenFault::ALL {
        assert!(
            page.contains(&format!(r#"<option value="{code}""#)),
            "{code}"
        );
    }
    let kid = sandbox.get("/sso/jwks").await.json()["keys"][0]["kid"].clone();
    assert!(page.contains(kid.as_str().unwrap()));
}
