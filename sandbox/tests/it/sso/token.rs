//! The token endpoint: client authentication, codes, and failures.

use std::time::{Duration, Instant};

use reqwest::RequestBuilder;
use sandbox::sso::{SettingsChange, TokenFailure};
use serde_json::Value;

use super::client::{ID, REDIRECT_URI, SECRET, VERIFIER, exchange, request, with};
use crate::harness::{Reply, Sandbox};

const VERA: &str = "vera-verified";

#[tokio::test]
async fn both_client_authentication_methods_exchange_a_code_for_tokens() {
    let sandbox = Sandbox::start().await;
    for is_basic in [true, false] {
        let form = exchange(&sandbox.code(&request(), VERA).await);
        let reply = if is_basic {
            sandbox.exchange(&form).await
        } else {
            let form = with(form, &[("client_id", ID), ("client_secret", SECRET)]);
            Reply::of(sandbox.token_request().form(&form)).await
        };
        assert_eq!(
            (reply.status, reply.header("cache-control")),
            (200, "no-store")
        );
        let tokens = reply.json();
        assert_eq!(tokens["token_type"], "Bearer");
        assert_eq!(tokens["expires_in"], 300);
        assert!(tokens["access_token"].is_string() && tokens["id_token"].is_string());
    }
}

#[tokio::test]
async fn a_client_that_does_not_prove_itself_is_refused() {
    type Bend = fn(RequestBuilder) -> RequestBuilder;
    let bends: [(Bend, &str, u16); 7] = [
        (|request| request, "invalid_client", 401),
        (
            |request| request.basic_auth(ID, Some("wrong")),
            "invalid_client",
            401,
        ),
        (
            |request| request.basic_auth("other", Some(SECRET)),
            "invalid_client",
            401,
        ),
        (|request| request.bearer_auth(SECRET), "invalid_client", 401),
        (
            |request| request.header("authorization", "Basic !"),
            "invalid_client",
            401,
        ),
        (
            |request| {
                let form = [("client_id", ID), ("client_secret", SECRET)];
                request.basic_auth(ID, Some(SECRET)).form(&form)
            },
            "invalid_request",
            400,
        ),
        (
            |request| {
                request
                    .basic_auth(ID, Some(SECRET))
                    .form(&[("client_id", "other")])
            },
            "invalid_client",
            401,
        ),
    ];
    let sandbox = Sandbox::start().await;
    for (index, (bend, error, status)) in bends.into_iter().enumerate() {
        let form = exchange(&sandbox.code(&request(), VERA).await);
        let reply = Reply::of(bend(sandbox.token_request().form(&form))).await;
        assert_eq!(reply.refusal(), (status, error.to_owned()), "{index}");
        assert_eq!(
            reply.header("www-authenticate").starts_with("Basic"),
            status == 401
        );
    }
}

#[tokio::test]
async fn a_percent_encoded_secret_is_the_secret() {
    let sandbox = Sandbox::start().await;
    let form = exchange(&sandbox.code(&request(), VERA).await);
    let encoded = SECRET.replace('-', "%2D");
    let request = sandbox.token_request().basic_auth(ID, Some(encoded));
    assert_eq!(Reply::of(request.form(&form)).await.status, 200);
}

#[tokio::test]
async fn a_wrong_exchange_is_refused() {
    let sandbox = Sandbox::start().await;
    let other_verifier = VERIFIER.to_lowercase();
    let slash = format!("{REDIRECT_URI}/");
    for (name, value, error) in [
        ("grant_type", "", "invalid_request"),
        ("grant_type", "password", "unsupported_grant_type"),
        ("code", "", "invalid_request"),
        ("code", "made-up", "invalid_grant"),
        ("redirect_uri", "", "invalid_request"),
        ("redirect_uri", &slash, "invalid_grant"),
        ("code_verifier", "", "invalid_request"),
        ("code_verifier", "short", "invalid_request"),
        ("code_verifier", &other_verifier, "invalid_grant"),
    ] {
        let right = exchange(&sandbox.code(&request(), VERA).await);
        let reply = sandbox.exchange(&with(right, &[(name, value)])).await;
        assert_eq!(reply.refusal(), (400, error.to_owned()), "{name}={value}");
        assert_eq!(reply.header("cache-control"), "no-store");
    }
}

#[tokio::test]
async fn a_body_that_is_no_form_or_repeats_itself_is_refused() {
    let sandbox = Sandbox::start().await;
    let json = sandbox.token_request().json(&exchange("x"));
    let twice = sandbox
        .token_request()
        .header("content-type", "application/x-www-form-urlencoded")
        .body("code=a&code=b");
    for request in [json, twice] {
        let reply = Reply::of(request.basic_auth(ID, Some(SECRET))).await;
        assert_eq!(reply.refusal(), (400, "invalid_request".to_owned()));
    }
}

#[tokio::test]
async fn a_code_lives_for_a_minute() {
    let sandbox = Sandbox::start().await;
    for (seconds, status) in [(59, 200), (60, 400)] {
        let form = exchange(&sandbox.code(&request(), VERA).await);
        sandbox.clock.advance(Duration::from_secs(seconds));
        assert_eq!(sandbox.exchange(&form).await.status, status, "{seconds}");
    }
}

#[tokio::test]
async fn a_replayed_code_revokes_its_access_token() {
    let sandbox = Sandbox::start().await;
    let form = exchange(&sandbox.code(&request(), VERA).await);
    let tokens = sandbox.exchange(&form).await.json();
    let access_token = tokens["access_token"].as_str().unwrap();
    assert_eq!(sandbox.userinfo(access_token).await.status, 200);
    for _ in 0..2 {
        let replay = sandbox.exchange(&form).await;
        assert_eq!(replay.refusal(), (400, "invalid_grant".to_owned()));
        assert_eq!(sandbox.userinfo(access_token).await.status, 401);
    }
}

#[tokio::test]
async fn a_code_has_one_try() {
    let sandbox = Sandbox::start().await;
    let form = exchange(&sandbox.code(&request(), VERA).await);
    let other_verifier = VERIFIER.to_lowercase();
    let wrong = with(form.clone(), &[("code_verifier", &other_verifier)]);
    for form in [wrong, form] {
        let reply = sandbox.exchange(&form).await;
        assert_eq!(reply.refusal(), (400, "invalid_grant".to_owned()));
    }
}

#[tokio::test]
async fn each_failure_is_what_its_name_says() {
    let sandbox = Sandbox::start().await;
    for &(failure, code, _) in TokenFailure::ALL {
        let form = exchange(&sandbox.code(&request(), VERA).await);
        sandbox.running.sso().change(SettingsChange {
            slow_milliseconds: Some(80),
            ..failure.into()
        });
        let begin = Instant::now();
        let reply = sandbox.exchange(&form).await;
        match failure {
            TokenFailure::None => assert_eq!(reply.status, 200),
            TokenFailure::ServerError => assert_eq!(reply.status, 500),
            TokenFailure::Slow => {
                assert!(begin.elapsed().as_millis() >= 80);
                assert_eq!(reply.status, 200);
            }
            TokenFailure::InvalidGrant => assert_eq!(reply.refusal(), (400, code.to_owned())),
            TokenFailure::InvalidClient => assert_eq!(reply.refusal(), (401, code.to_owned())),
            TokenFailure::Malformed => {
                assert_eq!(
                    (reply.status, reply.header("content-type")),
                    (200, "application/json")
                );
                assert!(serde_json::from_str::<Value>(&reply.body).is_err());
            }
            TokenFailure::Huge => {
                assert!(reply.body.len() > 30_000_000);
                assert!(reply.json()["id_token"].is_string());
            }
            TokenFailure::Redirect => {
                let location = reply.header("location");
                assert_eq!(reply.status, 307);
                assert!(location.starts_with("http://127.0.0.1:"), "{location}");
                assert!(location.ends_with("/sso/elsewhere"), "{location}");
            }
        }
    }
}
