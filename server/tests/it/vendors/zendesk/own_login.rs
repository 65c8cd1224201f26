//! Tokens of an upstream login of the site's own (`LATCHKEY_TOKEN_SECRET`).

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, EncodingKey, Header, crypto, encode};
use serde_json::{Value, json};

use super::{SECRETS, ask_with, assert_refused, claims};
use crate::{harness::TestApp, oauth::unreadable};

const SECRET: &str = "the-secret-of-a-login-that-was-there-before";
const ISSUER: &str = "https://accounts.example.test";

async fn app() -> TestApp {
    let own = [
        ("LATCHKEY_TOKEN_SECRET", SECRET),
        ("LATCHKEY_TOKEN_ISSUER", ISSUER),
    ];
    TestApp::start_with(&own).await
}

fn sign(app: &TestApp, algorithm: Algorithm, secret: &str, changes: Value) -> String {
    let now = app.clock.now().seconds();
    let mut claims = json!({
        "iss": ISSUER, "sub": "user-7", "email": "ada@example.test", "iat": now, "exp": now + 60,
    });
    for (name, value) in changes.as_object().unwrap().clone() {
        claims[name] = value;
    }
    let key = EncodingKey::from_secret(secret.as_bytes()).unwrap();
    encode(&Header::new(algorithm), &claims, &key).unwrap()
}

#[tokio::test]
async fn its_users_become_visitors_as_well() {
    let app = app().await;
    let token = sign(&app, Algorithm::HS256, SECRET, json!({ "name": "Ada" }));
    let response = ask_with(&app.anonymous(), &token).await;
    let now = app.clock.now().seconds();
    let expected = json!({
        "name": "Ada", "email": "ada@example.test", "external_id": "user-7", "iat": now, "exp": now + 60,
    });
    assert_eq!(claims(&response, SECRETS[0]), expected);
}

#[tokio::test]
async fn what_it_has_not_signed_like_that_is_refused() {
    let app = app().await;
    let now = app.clock.now().seconds();
    let good = |changes| sign(&app, Algorithm::HS256, SECRET, changes);
    for token in [
        sign(&app, Algorithm::HS256, SECRETS[0], json!({})),
        sign(&app, Algorithm::HS384, SECRET, json!({})),
        good(json!({ "iss": "https://accounts.example.test/" })),
        good(json!({ "iss": null })),
        good(json!({ "aud": "another-service" })),
        good(json!({ "exp": now + 25 * 60 * 60 })),
        good(json!({ "exp": (now + 60).to_string() })),
    ] {
        assert_refused(&ask_with(&app.anonymous(), &token).await, 401, "00-01");
    }
    for verified in [
        json!(false),
        json!("false"),
        json!("yes"),
        json!("1"),
        json!(1),
        json!([]),
    ] {
        let token = good(json!({ "email_verified": verified }));
        assert_refused(&ask_with(&app.anonymous(), &token).await, 403, "00-05");
    }
}

#[tokio::test]
async fn each_claim_may_be_written_in_every_form_of_its_kind() {
    let app = app().await;
    let now = app.clock.now().seconds() as f64;
    for changes in [
        json!({ "iat": now + 0.25, "exp": now + 60.75 }),
        json!({ "iat": now, "exp": now + 60.0, "nbf": now - 0.5 }),
        json!({ "email_verified": "true" }),
        json!({ "email_verified": true }),
        json!({ "aud": [] }),
        json!({ "name": 7, "updated_at": "2026-11-20T10:00:00Z", "groups": { "a": 1 } }),
    ] {
        let token = sign(&app, Algorithm::HS256, SECRET, changes.clone());
        let response = ask_with(&app.anonymous(), &token).await;
        assert_eq!(response.status, 200, "{changes}: {}", response.body);
    }
}

#[tokio::test]
async fn a_claim_that_is_not_used_decides_nothing_even_if_it_is_unreadable() {
    let app = app().await;
    let now = app.clock.now().seconds();
    let key = EncodingKey::from_secret(SECRET.as_bytes()).unwrap();
    let header = URL_SAFE_NO_PAD.encode(r#"{"alg":"HS256"}"#);
    let all = json!({ "iss": ISSUER, "sub": "user-7", "email": "ada@example.test", "iat": now, "exp": now + 60 });
    for value in unreadable::values() {
        for (name, status) in [("groups", 200), ("aud", 401), ("exp", 401)] {
            let mut claims = all.clone();
            claims.as_object_mut().unwrap().remove(name);
            let claims = URL_SAFE_NO_PAD.encode(unreadable::with(&claims, name, &value));
            let signed = format!("{header}.{claims}");
            let signature = crypto::sign(signed.as_bytes(), &key, Algorithm::HS256).unwrap();
            let token = format!("{signed}.{signature}");
            let response = ask_with(&app.anonymous(), &token).await;
            assert_eq!(response.status, status, "{name} {value}: {}", response.body);
        }
    }
}

#[tokio::test]
async fn an_audience_is_accepted_if_it_is_set() {
    let ours = "https://www.example.com";
    let app = TestApp::start_with(&[
        ("LATCHKEY_TOKEN_SECRET", SECRET),
        ("LATCHKEY_TOKEN_ISSUER", ISSUER),
        ("LATCHKEY_TOKEN_AUDIENCE", ours),
    ])
    .await;
    for (aud, status) in [
        (json!(ours), 200),
        (json!([ours]), 200),
        (json!(["https://other.example.com", ours]), 200),
        (json!("https://other.example.com"), 401),
        (json!([]), 401),
        (json!(null), 401),
    ] {
        let token = sign(&app, Algorithm::HS256, SECRET, json!({ "aud": aud }));
        let response = ask_with(&app.anonymous(), &token).await;
        assert_eq!(response.status, status, "{aud}: {}", response.body);
    }
}
