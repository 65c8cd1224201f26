//! The token endpoint: client authentication, codes, and tokens.

use std::time::Duration;

use reqwest::Method;
use sandbox::xsolla::{Failure, SettingsChange};

use super::client::{CALLBACK, CLIENT_SECRET, DANA, VERIFIER, exchange, oauth_request, with};
use super::verifier::{self, violations};
use crate::harness::{NOW, Reply, Sandbox};

#[tokio::test]
async fn a_code_becomes_an_access_token_that_is_the_user_jwt() {
    let sandbox = Sandbox::start().await;
    let form = exchange(&sandbox.xsolla_code(&oauth_request()).await);
    let reply = sandbox.xsolla_exchange(&form).await;
    assert_eq!(
        (reply.status, reply.header("cache-control")),
        (200, "no-store")
    );
    let tokens = reply.json();
    assert_eq!(tokens["token_type"], "bearer");
    assert_eq!(tokens["expires_in"], 24 * 60 * 60);
    let token = tokens["access_token"].as_str().unwrap();
    assert_eq!(violations(token, &[], NOW), Vec::<&str>::new());
    let claims = verifier::json(token, 1);
    assert_eq!(claims["sub"], DANA.sub);
    assert_eq!(claims["jti"].as_str().unwrap().len(), 36);
    assert!(claims.get("payload").is_none());
}

#[tokio::test]
async fn pkce_is_optional_but_must_be_complete() {
    let sandbox = Sandbox::start().await;
    let without = [("code_challenge", ""), ("code_challenge_method", "")];
    for (changes, verifier, status) in [
        (&without[..], "", 200),
        (&without[..], VERIFIER, 400),
        (&[], "", 400),
    ] {
        let code = sandbox.xsolla_code(&with(oauth_request(), changes)).await;
        let form = with(exchange(&code), &[("code_verifier", verifier)]);
        assert_eq!(
            sandbox.xsolla_exchange(&form).await.status,
            status,
            "{verifier}"
        );
    }
}

#[tokio::test]
async fn a_wrong_exchange_is_refused_and_spends_the_code() {
    let sandbox = Sandbox::start().await;
    let slash = format!("{CALLBACK}/");
    let other_verifier = VERIFIER.to_lowercase();
    for (name, value, expected) in [
        ("grant_type", "", (400, "invalid_request")),
        ("grant_type", "password", (400, "unsupported_grant_type")),
        ("client_id", "1002", (401, "invalid_client")),
        ("client_secret", "", (401, "invalid_client")),
        ("client_secret", "wrong", (401, "invalid_client")),
        ("code", "", (400, "invalid_request")),
        ("code", "made-up", (400, "invalid_grant")),
        ("redirect_uri", "", (400, "invalid_request")),
        ("redirect_uri", &slash, (400, "invalid_grant")),
        ("code_verifier", &other_verifier, (400, "invalid_grant")),
    ] {
        let right = exchange(&sandbox.xsolla_code(&oauth_request()).await);
        let wrong = with(right.clone(), &[(name, value)]);
        let reply = sandbox.xsolla_exchange(&wrong).await;
        assert_eq!(
            reply.refusal(),
            (expected.0, expected.1.to_owned()),
            "{name}={value}"
        );
        let is_spent = expected.1 == "invalid_grant" && name != "code";
        let status = if is_spent { 400 } else { 200 };
        assert_eq!(
            sandbox.xsolla_exchange(&right).await.status,
            status,
            "{name}={value}"
        );
    }
    let code = sandbox.xsolla_code(&oauth_request()).await;
    let json = sandbox.request(Method::POST, "/xsolla/api/oauth2/token");
    let reply = Reply::of(json.json(&exchange(&code))).await;
    assert_eq!(reply.refusal(), (400, "invalid_request".to_owned()));
}

#[tokio::test]
async fn a_code_is_good_for_once_and_for_a_minute() {
    let sandbox = Sandbox::start().await;
    for (seconds, status) in [(59, 200), (60, 400)] {
        let form = exchange(&sandbox.xsolla_code(&oauth_request()).await);
        sandbox.clock.advance(Duration::from_secs(seconds));
        assert_eq!(
            sandbox.xsolla_exchange(&form).await.status,
            status,
            "{seconds}"
        );
        let again = sandbox.xsolla_exchange(&form).await;
        assert_eq!(again.refusal(), (400, "invalid_grant".to_owned()));
    }
}

#[tokio::test]
async fn an_outage_spends_no_code() {
    let sandbox = Sandbox::start().await;
    let form = exchange(&sandbox.xsolla_code(&oauth_request()).await);
    for (api, status) in [(Failure::Unavailable, 503), (Failure::None, 200)] {
        sandbox.running.xsolla().change(SettingsChange {
            api: Some(api),
            ..SettingsChange::default()
        });
        assert_eq!(sandbox.xsolla_exchange(&form).await.status, status);
    }
}

#[tokio::test]
async fn client_credentials_give_a_server_jwt_without_a_user() {
    let sandbox = Sandbox::start().await;
    let token = sandbox.xsolla_server_token().await;
    assert!(verifier::json(&token, 1).get("sub").is_none());
    assert_eq!(sandbox.xsolla_validate(&token).await.status, 422);
    let stranger = with(
        exchange(""),
        &[
            ("grant_type", "client_credentials"),
            ("client_secret", "wrong"),
        ],
    );
    let reply = sandbox.xsolla_exchange(&stranger).await;
    assert_eq!(reply.refusal(), (401, "invalid_client".to_owned()));
    assert!(!reply.body.contains(CLIENT_SECRET));
}
