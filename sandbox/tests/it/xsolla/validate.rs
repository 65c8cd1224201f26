//! `POST /token/validate`: which tokens the vendor itself accepts.

use std::time::Duration;

use jsonwebtoken::Algorithm;
use reqwest::Method;
use sandbox::SecretInUse;
use sandbox::xsolla::{SettingsChange, Signature, TokenFault};
use serde_json::{Value, json};

use super::client::{DANA, SASHA, exchange, jwt_request, refusal, sealed, with};
use super::verifier::violations;
use crate::harness::{NOW, Reply, Sandbox};

#[tokio::test]
async fn a_good_token_is_valid_until_it_expires() {
    let sandbox = Sandbox::start().await;
    sandbox.running.xsolla().change(SettingsChange {
        lifetime_seconds: Some(60),
        ..SettingsChange::default()
    });
    for signature in [Signature::Hs256, Signature::Rs256] {
        sandbox.running.xsolla().change(signature);
        for persona in [DANA, SASHA] {
            let token = sandbox.xsolla_token(persona).await;
            let reply = sandbox.xsolla_validate(&token).await;
            assert_eq!((reply.status, reply.body.as_str()), (204, ""));
            sandbox.clock.advance(Duration::from_secs(59));
            assert_eq!(sandbox.xsolla_validate(&token).await.status, 204);
            sandbox.clock.advance(Duration::from_secs(1));
            let late = sandbox.xsolla_validate(&token).await;
            assert_eq!(refusal(&late), (422, "422".to_owned()));
        }
    }
}

async fn refuses(sandbox: &Sandbox, token: &str, why: &str) {
    let reply = sandbox.xsolla_validate(token).await;
    assert_eq!(refusal(&reply), (422, "422".to_owned()), "{why}");
}

/// Dana's claims with one of them changed.
fn claims_with(sandbox: &Sandbox, name: &str, value: Value) -> String {
    let mut claims = sandbox.running.xsolla().claims(DANA).unwrap();
    claims.insert(name.to_owned(), value);
    Value::Object(claims).to_string()
}

#[tokio::test]
async fn a_token_that_the_project_does_not_make_like_this_is_refused() {
    let sandbox = Sandbox::start().await;
    for signature in [Signature::Hs256, Signature::Rs256] {
        sandbox.running.xsolla().change(signature);
        for &(fault, code, _) in TokenFault::ALL {
            sandbox.running.xsolla().change(fault);
            let token = sandbox.xsolla_token(DANA).await;
            match fault {
                // A project chooses the lifetime of its tokens, and users need no address.
                TokenFault::None | TokenFault::LongLived | TokenFault::EmailMissing => {
                    assert_eq!(sandbox.xsolla_validate(&token).await.status, 204, "{code}");
                }
                _ => refuses(&sandbox, &token, code).await,
            }
        }
    }
}

#[tokio::test]
async fn a_project_takes_one_algorithm_and_no_other() {
    let sandbox = Sandbox::start().await;
    let xsolla = sandbox.running.xsolla();
    let claims = claims_with(&sandbox, "name", json!("Dana Demo"));
    let header = |alg: &str| format!(r#"{{"alg":"{alg}","typ":"JWT"}}"#);
    let right = sealed(&header("HS256"), &claims, Algorithm::HS256);
    assert_eq!(sandbox.xsolla_validate(&right).await.status, 204);
    for (alg, algorithm) in [("HS384", Algorithm::HS384), ("HS512", Algorithm::HS512)] {
        refuses(&sandbox, &sealed(&header(alg), &claims, algorithm), alg).await;
    }
    for alg in ["none", "None", "hs256", "RS256", ""] {
        let token = sealed(&header(alg), &claims, Algorithm::HS256);
        refuses(&sandbox, &token, alg).await;
    }
    xsolla.change(Signature::Rs256);
    refuses(&sandbox, &right, "HS256 of a project with keys").await;
    let rs256 = sandbox.xsolla_token(DANA).await;
    assert_eq!(sandbox.xsolla_validate(&rs256).await.status, 204);
    xsolla.change(Signature::Hs256);
    refuses(&sandbox, &rs256, "RS256 of a project with a secret").await;
}

#[tokio::test]
async fn critical_extensions_and_other_types_are_refused() {
    let sandbox = Sandbox::start().await;
    let claims = claims_with(&sandbox, "name", json!("Dana Demo"));
    for header in [
        r#"{"alg":"HS256","crit":["b64"],"b64":false}"#,
        r#"{"alg":"HS256","crit":["exp"],"exp":1}"#,
        r#"{"alg":"HS256","crit":[]}"#,
        r#"{"alg":"HS256","crit":null}"#,
        r#"{"alg":"HS256","typ":"at+jwt"}"#,
        r#"{"alg":"HS256","typ":1}"#,
        r#"{"typ":"JWT"}"#,
        r#"{"alg":"none","alg":"HS256"}"#,
    ] {
        refuses(&sandbox, &sealed(header, &claims, Algorithm::HS256), header).await;
    }
}

#[tokio::test]
async fn a_claim_of_another_type_or_time_is_refused() {
    let sandbox = Sandbox::start().await;
    let wrong = [
        ("iss", json!("https://login.xsolla.com/")),
        ("iss", json!(["https://login.xsolla.com"])),
        ("iat", json!(NOW + 1)),
        ("iat", json!(NOW * 1000)),
        ("iat", json!(NOW.to_string())),
        ("iat", Value::Null),
        ("exp", json!(NOW)),
        ("exp", json!((NOW + 60).to_string())),
        ("exp", json!(-1)),
        ("nbf", json!(NOW + 1)),
        ("nbf", json!("tomorrow")),
        ("aud", json!("another-service")),
        ("aud", json!(["another-service"])),
        ("aud", json!(7)),
        ("sub", json!("00000000-0000-4000-8000-00000000e11e")),
        ("xsolla_login_project_id", json!(["x"])),
        ("email", json!(["demo@latchkey.localhost"])),
        ("type", json!("oauth")),
    ];
    let header = r#"{"alg":"HS256","typ":"JWT"}"#;
    for (name, value) in wrong {
        let why = format!("{name}: {value}");
        let claims = claims_with(&sandbox, name, value);
        refuses(&sandbox, &sealed(header, &claims, Algorithm::HS256), &why).await;
    }
    for (name, value) in [("aud", json!([])), ("nbf", json!(NOW)), ("iat", json!(0))] {
        let claims = claims_with(&sandbox, name, value);
        let token = sealed(header, &claims, Algorithm::HS256);
        assert_eq!(sandbox.xsolla_validate(&token).await.status, 204, "{name}");
    }
}

#[tokio::test]
async fn a_reset_secret_ends_the_old_tokens_and_signs_new_ones() {
    let sandbox = Sandbox::start().await;
    let old = sandbox.xsolla_token(DANA).await;
    let set = |secret| {
        sandbox.running.xsolla().change(SettingsChange {
            secret: Some(secret),
            ..SettingsChange::default()
        })
    };
    set(SecretInUse::Replaced);
    refuses(&sandbox, &old, "the old secret's").await;
    let new = sandbox.xsolla_token(DANA).await;
    assert_eq!(sandbox.xsolla_validate(&new).await.status, 204);
    assert_eq!(violations(&new, &[], NOW), ["signature"]);
    set(SecretInUse::Configured);
    refuses(&sandbox, &new, "the new secret's").await;
    assert_eq!(sandbox.xsolla_validate(&old).await.status, 204);
}

#[tokio::test]
async fn what_is_no_token_is_refused() {
    let sandbox = Sandbox::start().await;
    let good = sandbox.xsolla_token(DANA).await;
    let last = good.chars().last().unwrap();
    let (next, rest) = (char::from(last as u8 + 1), &good[..good.len() - 1]);
    for token in [
        String::new(),
        "a.b.c".to_owned(),
        format!("{good}="),
        format!(" {good}"),
        format!("{good}.x"),
        format!("{good}\n"),
        format!(".{good}"),
        format!("{rest}{next}"),
        sealed("[]", "{}", Algorithm::HS256),
        sealed(r#"{"alg":"HS256"}"#, "[]", Algorithm::HS256),
        sealed(r#"{"alg":"HS256"}"#, "{", Algorithm::HS256),
    ] {
        assert_eq!(sandbox.xsolla_validate(&token).await.status, 422, "{token}");
    }
    for body in [json!({}), json!({ "token": 7 }), json!("x")] {
        let request = sandbox.request(Method::POST, "/xsolla/api/token/validate");
        let reply = Reply::of(request.json(&body)).await;
        assert_eq!(refusal(&reply), (400, "0".to_owned()), "{body}");
    }
}

#[tokio::test]
async fn a_body_over_sixteen_kilobytes_is_refused_everywhere() {
    let sandbox = Sandbox::start().await;
    let long = "x".repeat(17_000);
    let post = |path: &str| sandbox.request(Method::POST, &format!("/xsolla/{path}"));
    let login = sandbox.xsolla_login(&jwt_request());
    let login = login.json(&json!({ "username": long, "password": "x" }));
    let validation = sandbox.xsolla_validate(&long).await;
    for reply in [validation, Reply::of(login).await] {
        assert_eq!(refusal(&reply), (413, "0".to_owned()));
    }
    let form = post("api/oauth2/token").form(&with(exchange(&long), &[]));
    assert_eq!(
        Reply::of(form).await.refusal(),
        (400, "invalid_request".to_owned())
    );
    let choice = post("login").form(&with(jwt_request(), &[("payload", &long)]));
    assert_eq!(Reply::of(choice).await.status, 413);
    let outcomes = sandbox.running.xsolla().exchanges();
    assert_eq!(outcomes.len(), 3);
}
