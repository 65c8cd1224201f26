//! The key list and its rotation.

use reqwest::Method;
use sandbox::xsolla::{Failure, SettingsChange, Signature};
use serde_json::{Value, json};

use super::client::{DANA, PROJECT, refusal};
use super::verifier::{self, violations};
use crate::harness::{NOW, Reply, Sandbox};

async fn rotate(sandbox: &Sandbox, project: &str, server_token: Option<&str>) -> Reply {
    let path = format!("/xsolla/api/projects/{project}/keys");
    let mut request = sandbox.request(Method::POST, &path);
    if let Some(token) = server_token {
        request = request.header("x-server-authorization", token);
    }
    Reply::of(request).await
}

#[tokio::test]
async fn the_list_is_bare_and_its_numbers_are_hexadecimal() {
    let sandbox = Sandbox::start().await;
    let keys = sandbox.xsolla_keys().await;
    assert_eq!(keys.len(), 1);
    let key = keys[0].as_object().unwrap();
    let names: Vec<_> = key.keys().map(String::as_str).collect();
    assert_eq!(names, ["alg", "e", "kid", "kty", "n", "use"]);
    assert_eq!(
        (&key["alg"], &key["kty"], &key["use"], &key["e"]),
        (
            &json!("RS256"),
            &json!("RSA"),
            &json!("sig"),
            &json!("10001")
        )
    );
    let modulus = key["n"].as_str().unwrap();
    assert_eq!(modulus.len(), 512, "2048 bits");
    assert!(modulus.bytes().all(|byte| byte.is_ascii_hexdigit()));
}

#[tokio::test]
async fn a_new_key_signs_and_the_one_before_stays_in_the_list() {
    let sandbox = Sandbox::start().await;
    sandbox.running.xsolla().change(Signature::Rs256);
    let server = sandbox.xsolla_server_token().await;
    let mut tokens = vec![sandbox.xsolla_token(DANA).await];
    for _ in 0..2 {
        assert_eq!(rotate(&sandbox, PROJECT, Some(&server)).await.status, 204);
        tokens.push(sandbox.xsolla_token(DANA).await);
    }
    let keys = sandbox.xsolla_keys().await;
    assert_eq!(keys.len(), 2);
    assert_eq!(verifier::json(&tokens[2], 0)["kid"], keys[0]["kid"]);
    let judged: Vec<_> = tokens
        .iter()
        .map(|token| violations(token, &keys, NOW))
        .collect();
    assert_eq!(judged, [vec!["kid"], vec![], vec![]]);
    for (token, status) in tokens.iter().zip([422, 204, 204]) {
        assert_eq!(sandbox.xsolla_validate(token).await.status, status);
    }
}

#[tokio::test]
async fn only_the_projects_own_server_rotates() {
    let sandbox = Sandbox::start().await;
    let before = sandbox.xsolla_keys().await;
    let user = sandbox.xsolla_token(DANA).await;
    for token in [None, Some(""), Some("nonsense"), Some(user.as_str())] {
        let reply = rotate(&sandbox, PROJECT, token).await;
        assert_eq!(refusal(&reply), (403, "403".to_owned()), "{token:?}");
    }
    let server = sandbox.xsolla_server_token().await;
    let other = rotate(&sandbox, "another", Some(&server)).await;
    assert_eq!(refusal(&other), (404, "003-061".to_owned()));
    sandbox.clock.advance(std::time::Duration::from_secs(3600));
    let late = rotate(&sandbox, PROJECT, Some(&server)).await;
    assert_eq!(refusal(&late), (403, "403".to_owned()));
    assert_eq!(sandbox.xsolla_keys().await, before);
}

#[tokio::test]
async fn another_projects_list_is_not_here() {
    let sandbox = Sandbox::start().await;
    let reply = sandbox.get("/xsolla/api/projects/another/keys").await;
    assert_eq!(refusal(&reply), (404, "003-061".to_owned()));
}

#[tokio::test]
async fn the_list_fails_by_itself() {
    let sandbox = Sandbox::start().await;
    let path = format!("/xsolla/api/projects/{PROJECT}/keys");
    for &(failure, _, _) in Failure::ALL {
        sandbox.running.xsolla().change(SettingsChange {
            keys: Some(failure),
            slow_milliseconds: Some(0),
            ..SettingsChange::default()
        });
        let reply = sandbox.get(&path).await;
        let list = serde_json::from_str::<Vec<Value>>(&reply.body).ok();
        match failure {
            Failure::None | Failure::Slow => assert_eq!(list.unwrap().len(), 1),
            Failure::Unavailable => assert_eq!(reply.status, 503),
            Failure::Malformed => assert_eq!((reply.status, list), (200, None)),
            Failure::Huge => assert!(reply.body.len() > 30_000_000 && list.is_some()),
            Failure::Empty => assert_eq!(list, Some(vec![])),
        }
        let token = sandbox.xsolla_token(DANA).await;
        assert_eq!(
            sandbox.xsolla_validate(&token).await.status,
            204,
            "the rest works"
        );
    }
}
