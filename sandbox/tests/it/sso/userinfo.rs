//! The userinfo endpoint: the claims, who may read them, and failures.

use std::time::{Duration, Instant};

use reqwest::Method;
use sandbox::sso::{EmailVerifiedFault, SettingsChange, UserinfoFailure};
use serde_json::{Value, json};

use super::client::{exchange, request, with};
use crate::harness::{Reply, Sandbox};

async fn access_token(sandbox: &Sandbox, sub: &str) -> String {
    let tokens = sandbox.log_in(sub).await;
    tokens["access_token"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn every_persona_is_as_promised() {
    let sandbox = Sandbox::start().await;
    let picture = format!("{}/people/vera.svg", sandbox.running.url());
    for (sub, name, email, verified, picture) in [
        (
            "vera-verified",
            "Vera Verified",
            json!("vera@people.example"),
            json!(true),
            json!(picture),
        ),
        (
            "umut-unverified",
            "Umut Unverified",
            json!("umut@people.example"),
            json!(false),
            Value::Null,
        ),
        (
            "nora-nomail",
            "Nora Nomail",
            Value::Null,
            Value::Null,
            Value::Null,
        ),
        (
            "mallory-mirror",
            "Mallory Mirror",
            json!("demo@latchkey.localhost"),
            json!(true),
            Value::Null,
        ),
        (
            "mika-masquerade",
            "Mika Masquerade",
            json!("demo@latchkey.localhost"),
            json!(false),
            Value::Null,
        ),
    ] {
        let claims = sandbox
            .userinfo(&access_token(&sandbox, sub).await)
            .await
            .json();
        assert_eq!(
            (&claims["sub"], &claims["name"]),
            (&json!(sub), &json!(name))
        );
        assert_eq!(claims["email"], email, "{sub}");
        assert_eq!(claims["email_verified"], verified, "{sub}");
        assert_eq!(claims["picture"], picture, "{sub}");
    }
    assert_eq!(sandbox.get("/people/vera.svg").await.status, 200);
}

#[tokio::test]
async fn only_what_the_scope_allows_is_told() {
    let sandbox = Sandbox::start().await;
    for (scope, told) in [
        ("openid", vec!["sub"]),
        ("openid profile", vec!["name", "picture", "sub"]),
        ("email openid", vec!["email", "email_verified", "sub"]),
    ] {
        let asked = with(request(), &[("scope", scope)]);
        let code = sandbox.code(&asked, "vera-verified").await;
        let tokens = sandbox.exchange(&exchange(&code)).await.json();
        let claims = sandbox
            .userinfo(tokens["access_token"].as_str().unwrap())
            .await;
        let claims = claims.json();
        let names: Vec<_> = claims.as_object().unwrap().keys().collect();
        assert_eq!(names, told, "{scope}");
    }
}

#[tokio::test]
async fn no_token_an_unknown_one_and_an_expired_one_are_refused() {
    let sandbox = Sandbox::start().await;
    let none = sandbox.get("/sso/userinfo").await;
    assert_eq!(
        (none.status, none.header("www-authenticate")),
        (401, r#"Bearer realm="userinfo""#)
    );
    let unknown = sandbox.userinfo("made-up").await;
    assert_eq!(unknown.status, 401);
    assert!(unknown.header("www-authenticate").contains("invalid_token"));
    let token = access_token(&sandbox, "vera-verified").await;
    let post = sandbox
        .request(Method::POST, "/sso/userinfo")
        .bearer_auth(&token);
    assert_eq!(Reply::of(post).await.status, 200);
    sandbox.clock.advance(Duration::from_secs(300));
    assert_eq!(sandbox.userinfo(&token).await.status, 401);
}

#[tokio::test]
async fn each_failure_is_what_its_name_says() {
    let sandbox = Sandbox::start().await;
    let token = access_token(&sandbox, "vera-verified").await;
    for &(failure, _, _) in UserinfoFailure::ALL {
        sandbox.running.sso().change(SettingsChange {
            slow_milliseconds: Some(80),
            ..failure.into()
        });
        let begin = Instant::now();
        let reply = sandbox.userinfo(&token).await;
        match failure {
            UserinfoFailure::None => assert_eq!(reply.json()["sub"], "vera-verified"),
            UserinfoFailure::ServerError => assert_eq!(reply.status, 500),
            UserinfoFailure::Slow => {
                assert!(begin.elapsed().as_millis() >= 80);
                assert_eq!(reply.json()["sub"], "vera-verified");
            }
            UserinfoFailure::Huge => assert!(reply.body.len() > 30_000_000),
            UserinfoFailure::SubOther => assert_eq!(reply.json()["sub"], "another-user"),
            UserinfoFailure::GarbageJwt => {
                assert_eq!(reply.header("content-type"), "application/jwt");
                assert!(serde_json::from_str::<Value>(&reply.body).is_err());
            }
        }
    }
}

#[tokio::test]
async fn email_verified_can_be_anything() {
    let sandbox = Sandbox::start().await;
    let token = access_token(&sandbox, "mika-masquerade").await;
    for (fault, written) in [
        (EmailVerifiedFault::None, json!(false)),
        (EmailVerifiedFault::Text, json!("true")),
        (EmailVerifiedFault::Number, json!(1)),
        (EmailVerifiedFault::Missing, Value::Null),
    ] {
        sandbox.running.sso().change(fault);
        let claims = sandbox.userinfo(&token).await.json();
        assert_eq!(claims["email_verified"], written);
    }
}
