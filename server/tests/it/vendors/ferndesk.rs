//! The token, its claims, and whether the sandbox's help center accepts it.

use std::{path::Path, time::Duration};

use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use sandbox::Running;
use serde_json::{Value, json};

use super::readable::{Readable, ask};
use crate::harness::{DANA, Response, TestApp};

const PATH: &str = "/api/ferndesk-token";

/// Settings that turn Ferndesk off.
pub const OFF: &[(&str, &str)] = &[("FERNDESK_JWT_SECRET", ""), ("FERNDESK_WIDGET_ID", "")];

pub const SECRETS: &[&str] = &["ferndesk-demo-secret-not-for-production"];

pub const READABLE: &[Readable] = &[Readable {
    path: PATH,
    stranger: r#"{"error":"Not authenticated"}"#,
    off: OFF,
}];

/// Settings that turn Ferndesk on.
pub fn settings(sandbox: &Running, _: &Path) -> Vec<(&'static str, String)> {
    vec![
        ("FERNDESK_JWT_SECRET", SECRETS[0].to_owned()),
        ("FERNDESK_WIDGET_ID", "wg_demo".to_owned()),
        (
            "FERNDESK_SDK_URL",
            format!("{}/ferndesk/sdk.js", sandbox.url()),
        ),
    ]
}

/// None: the token is signed here.
pub fn exchanges(_: &TestApp) -> usize {
    0
}

/// The claims, after checking the signature.
fn claims(response: &Response, secret: &str) -> Value {
    assert_eq!(response.status, 200, "{}", response.body);
    let mut validation = Validation::new(Algorithm::HS256);
    validation.validate_exp = false;
    validation.required_spec_claims.clear();
    let key = DecodingKey::from_secret(secret.as_bytes()).unwrap();
    decode(&response.body, &key, &validation).unwrap().claims
}

#[tokio::test]
async fn the_token_says_who_it_is_and_nothing_else() {
    let app = TestApp::start().await;
    let response = ask(&app.signed_in().await, PATH).await;
    let uid = app.signed_in().await.get("/api/viewer").await.json()["uid"].clone();
    let exp = app.clock.now().seconds() + 600;
    let expected = json!({
        "userId": uid, "sub": uid, "email": DANA, "name": "Dana Demo", "exp": exp,
    });
    assert_eq!(claims(&response, SECRETS[0]), expected);
    let header = decode_header(&response.body).unwrap();
    assert_eq!(
        (header.alg, header.typ.as_deref()),
        (Algorithm::HS256, Some("JWT"))
    );
}

#[tokio::test]
async fn the_body_is_the_bare_token_as_text() {
    let app = TestApp::start().await;
    let response = ask(&app.signed_in().await, PATH).await;
    assert_eq!(response.header("content-type"), "text/plain; charset=utf-8");
    assert_eq!(response.header("x-content-type-options"), "nosniff");
    assert_eq!(response.body.split('.').count(), 3);
    assert_eq!(response.body.trim(), response.body);
}

#[tokio::test]
async fn any_name_gives_a_token_of_bounded_size() {
    let app = TestApp::start_with(&[("FERNDESK_ATTRIBUTES", "photo_url,member_since")]).await;
    let browser = app.signed_in().await;
    let name = format!("Dana \"</script>\" {}", "🌻".repeat(40));
    let photo = format!("https://photos.example.com/{}", "a".repeat(400));
    let profile = [
        ("display_name", name.as_str()),
        ("photo_url", photo.as_str()),
    ];
    assert_eq!(browser.post("/account/profile", &profile).await.status, 303);
    let response = ask(&browser, PATH).await;
    assert!(response.body.len() < 4096, "{}", response.body.len());
    let claims = claims(&response, SECRETS[0]);
    assert_eq!(claims["name"], name);
    assert_eq!(claims["customAttributes"]["photo_url"], photo);
    let day = claims["customAttributes"]["member_since"].as_str().unwrap();
    assert_eq!((day.len(), day.split('-').count()), (10, 3), "{day}");
}

#[tokio::test]
async fn a_new_secret_signs_after_a_restart_and_the_old_one_does_not() {
    let app = TestApp::start().await;
    let cookie = app.signed_in().await.session();
    let secret = "another-secret-of-more-than-32-characters";
    let (restarted, _server) = app.restarted(&[("FERNDESK_JWT_SECRET", secret)]).await;
    restarted.set_cookie("latchkey", &cookie);
    let response = ask(&restarted, PATH).await;
    claims(&response, secret);
    let old = DecodingKey::from_secret(SECRETS[0].as_bytes()).unwrap();
    let with_old = decode::<Value>(&response.body, &old, &Validation::new(Algorithm::HS256));
    assert!(with_old.is_err());
}

#[tokio::test]
async fn the_lifetime_is_a_setting_of_an_hour_at_most() {
    let app = TestApp::start_with(&[("FERNDESK_TOKEN_SECONDS", "3600")]).await;
    let browser = app.signed_in().await;
    let exp = |response| claims(&response, SECRETS[0])["exp"].as_i64().unwrap();
    let first = exp(ask(&browser, PATH).await);
    assert_eq!(first, app.clock.now().seconds() + 3600);
    app.clock.advance(Duration::from_secs(60));
    assert_eq!(exp(ask(&browser, PATH).await), first + 60);
}
