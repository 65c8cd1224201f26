//! The discovery document and the key set.

use reqwest::Method;
use sandbox::sso::{DiscoveryFailure, JwksFailure, SettingsChange};
use serde_json::{Value, json};

use crate::harness::{Reply, Sandbox};

const DISCOVERY: &str = "/sso/.well-known/openid-configuration";

#[tokio::test]
async fn discovery_describes_what_is_there() {
    let sandbox = Sandbox::start().await;
    let document = sandbox.get(DISCOVERY).await.json();
    let issuer = format!("{}/sso", sandbox.running.url());
    assert_eq!(document["issuer"], json!(issuer));
    assert_eq!(sandbox.running.sso().issuer(), issuer);
    for (name, path) in [
        ("authorization_endpoint", "/authorize"),
        ("token_endpoint", "/token"),
        ("userinfo_endpoint", "/userinfo"),
        ("jwks_uri", "/jwks"),
    ] {
        assert_eq!(document[name], json!(format!("{issuer}{path}")));
        let found = Reply::of(sandbox.request(Method::GET, &format!("/sso{path}"))).await;
        assert_ne!(found.status, 404, "{name}");
    }
    for (name, value) in [
        (
            "authorization_response_iss_parameter_supported",
            json!(true),
        ),
        ("code_challenge_methods_supported", json!(["S256"])),
        ("id_token_signing_alg_values_supported", json!(["RS256"])),
        ("response_modes_supported", json!(["query", "form_post"])),
        ("response_types_supported", json!(["code"])),
        ("subject_types_supported", json!(["public"])),
    ] {
        assert_eq!(document[name], value, "{name}");
    }
}

#[tokio::test]
async fn the_key_set_holds_one_public_rsa_key() {
    let sandbox = Sandbox::start().await;
    let set = sandbox.get("/sso/jwks").await.json();
    let key = &set["keys"][0];
    for (name, value) in [
        ("kty", "RSA"),
        ("alg", "RS256"),
        ("use", "sig"),
        ("e", "AQAB"),
    ] {
        assert_eq!(key[name], json!(value), "{name}");
    }
    assert_eq!(key["n"].as_str().unwrap().len(), 342);
    assert!(key["kid"].is_string() && key.get("d").is_none());
    assert_eq!(set["keys"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_rotation_publishes_the_old_key_beside_the_new_one_until_the_next() {
    let sandbox = Sandbox::start().await;
    let mut published = vec![kids(&sandbox).await];
    for _ in 0..2 {
        let rotated = Reply::of(sandbox.request(Method::POST, "/sso/keys/rotate")).await;
        assert_eq!((rotated.status, rotated.header("location")), (303, "/sso"));
        published.push(kids(&sandbox).await);
    }
    let current: Vec<_> = published.iter().map(|kids| kids[0].clone()).collect();
    assert_ne!(current[0], current[1]);
    assert_eq!(published[1][1..], current[..1]);
    assert_eq!(published[2][1..], current[1..2]);
}

async fn kids(sandbox: &Sandbox) -> Vec<Value> {
    let set = sandbox.get("/sso/jwks").await.json();
    let keys = set["keys"].as_array().unwrap();
    keys.iter().map(|key| key["kid"].clone()).collect()
}

#[tokio::test]
async fn each_failure_spoils_its_document_alone() {
    let sandbox = Sandbox::start().await;
    let sso = sandbox.running.sso();
    let changes = DiscoveryFailure::ALL
        .iter()
        .map(|&(failure, code, _)| (DISCOVERY, SettingsChange::from(failure), code))
        .chain(
            JwksFailure::ALL
                .iter()
                .map(|&(failure, code, _)| ("/sso/jwks", failure.into(), code)),
        );
    for (path, change, code) in changes {
        sso.reset();
        let right = sandbox.get(path).await.json();
        sso.change(SettingsChange {
            slow_milliseconds: Some(80),
            ..change
        });
        let begin = std::time::Instant::now();
        let reply = sandbox.get(path).await;
        match code {
            "none" => assert_eq!(reply.json(), right),
            "unavailable" => assert_eq!(reply.status, 503),
            "slow" => {
                assert!(begin.elapsed().as_millis() >= 80);
                assert_eq!(reply.json(), right);
            }
            "malformed" => {
                assert_eq!(reply.status, 200);
                assert!(serde_json::from_str::<Value>(&reply.body).is_err());
            }
            "huge" => {
                assert!(reply.body.len() > 30_000_000);
                assert_eq!(reply.json()["issuer"], right["issuer"]);
            }
            "redirect" => {
                let location = reply.header("location");
                assert_eq!(reply.status, 307);
                assert!(location.starts_with("http://127.0.0.1:"), "{location}");
            }
            "empty" => assert_eq!(reply.json(), json!({ "keys": [] })),
            "wrong_issuer" => assert_eq!(changed(&right, &reply.json()), ["issuer"]),
            "token_endpoint_elsewhere" => {
                assert_eq!(changed(&right, &reply.json()), ["token_endpoint"]);
            }
            _ => panic!("{code} is not tested"),
        }
    }
}

fn changed(right: &Value, wrong: &Value) -> Vec<String> {
    let members = right.as_object().unwrap().iter();
    let changed = members.filter(|(name, value)| wrong[name] != **value);
    changed.map(|(name, _)| name.clone()).collect()
}
