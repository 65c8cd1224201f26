//! Xsolla Login by OAuth 2.0, and the user JWT, which both of its flows share.

use std::{sync::LazyLock, time::Duration};

use getrandom::SysRng;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use rsa::{BoxedUint, PrivateKey, pkcs1::EncodeRsaPrivateKey, traits::PublicKeyParts};
use serde_json::{Value, json};
use url::Url;

use super::{assert_no_one, begin, fake::Fake, identities, problem, query};
use crate::harness::{Browser, DANA, Log, PASSWORD, Response, TestApp};

pub const PROJECT: &str = "026201e3-7e40-11ea-a85b-42010aa80004";
pub const SECRET: &str = "a-secret-of-the-xsolla-project";
/// To HMAC, the same key as an empty one, which the library does not sign with.
pub const EMPTY_SECRET: &str = "\0";
const KEYS_PATH: &str = "/projects/026201e3-7e40-11ea-a85b-42010aa80004/keys";

/// Generating keys is slow, so all tests share them.
pub static KEYS: LazyLock<[PrivateKey; 2]> =
    LazyLock::new(|| [(); 2].map(|()| PrivateKey::new(&mut SysRng, 2048).unwrap()));

/// Lets the API list these keys, with hexadecimal numbers.
pub fn lists(fake: &Fake, keys: &[(&str, &PrivateKey)]) {
    let hexadecimal = |number: &BoxedUint| number.to_string_radix_vartime(16);
    let list = keys.iter().map(|(id, key)| {
        json!({
            "alg": "RS256", "exponent": "10001", "kid": id, "kty": "RSA", "use": "sig",
            "modulus": hexadecimal(key.n()), "n": hexadecimal(key.n()), "e": hexadecimal(key.e()),
        })
    });
    fake.response(KEYS_PATH, 200, &list.collect());
}

pub fn lists_asked(fake: &Fake) -> usize {
    fake.asked(KEYS_PATH).len()
}

/// A user's claims with `changes`; null removes a claim.
pub fn claims(app: &TestApp, changes: &Value) -> Value {
    let now = app.clock.now().0 / 1000;
    let mut claims = json!({
        "iss": "https://login.xsolla.com", "sub": "a5a36e28-7e40-11ea-a85b-42010aa80004",
        "iat": now, "exp": now + 3600, "xsolla_login_project_id": PROJECT, "type": "xsolla_login",
        "email": "ada@example.test", "username": "ada", "publisher_id": 136_593,
        "groups": [{ "id": 6, "name": "default", "is_default": true }],
    });
    for (name, value) in changes.as_object().unwrap() {
        let claims = claims.as_object_mut().unwrap();
        match value {
            Value::Null => drop(claims.remove(name)),
            value => drop(claims.insert(name.clone(), value.clone())),
        }
    }
    claims
}

pub fn hs256(secret: &str, claims: &Value) -> String {
    let key = EncodingKey::from_secret(secret.as_bytes()).unwrap();
    encode(&Header::new(Algorithm::HS256), claims, &key).unwrap()
}

pub fn rs256(id: &str, key: &PrivateKey, claims: &Value) -> String {
    let header = Header {
        kid: Some(id.to_owned()),
        ..Header::new(Algorithm::RS256)
    };
    let key = EncodingKey::from_rsa_der(key.to_pkcs1_der().unwrap().as_bytes());
    encode(&header, claims, &key).unwrap()
}

async fn app_with(fake: &Fake) -> TestApp {
    let page = format!("{}/widget", fake.url);
    TestApp::start_with(&[
        ("XSOLLA_LOGIN_PROJECT_ID", PROJECT),
        ("XSOLLA_LOGIN_SECRET", ""),
        ("OAUTH_XSOLLA_CLIENT_ID", "57"),
        ("OAUTH_XSOLLA_CLIENT_SECRET", "a-secret-of-the-client"),
        ("OAUTH_XSOLLA_URL", &page),
        ("XSOLLA_LOGIN_API_URL", &fake.url),
    ])
    .await
}

fn back(url: &Url) -> String {
    format!(
        "/oauth/xsolla/callback?code=a-code&state={}",
        query(url, "state")
    )
}

/// Completes a sign-in whose code is redeemed for this token.
async fn sign_in(fake: &Fake, browser: &Browser, token: &str) -> Response {
    let response = json!({ "access_token": token, "token_type": "bearer", "expires_in": 3600 });
    fake.response("/oauth2/token", 200, &response);
    let url = begin(browser, "/oauth/xsolla/start").await;
    browser.get(&back(&url)).await
}

#[tokio::test]
async fn a_code_becomes_a_user_whose_address_has_to_be_confirmed() {
    let fake = Fake::start().await;
    lists(&fake, &[("one", &KEYS[0])]);
    let app = app_with(&fake).await;
    let browser = app.anonymous();
    let url = begin(&browser, "/oauth/xsolla/start").await;
    assert_eq!(url.path(), "/widget/");
    assert_eq!(
        (query(&url, "projectId"), query(&url, "client_id")),
        (PROJECT.to_owned(), "57".to_owned())
    );
    assert_eq!(query(&url, "response_type"), "code");
    let callback = format!("{}/oauth/xsolla/callback", app.login_origin());
    assert_eq!(query(&url, "redirect_uri"), callback);

    let token = rs256("one", &KEYS[0], &claims(&app, &json!({ "email": DANA })));
    let response = sign_in(&fake, &browser, &token).await;
    assert_eq!(response.location(), "/finish-account");
    assert_no_one(&app, &browser, "Xsolla's word").await;
    browser.sign_in(DANA, PASSWORD).await;
    assert_eq!(identities(&app).await, 0);
    let asked = fake.asked("/oauth2/token").remove(0);
    assert_eq!(asked.field("client_secret"), "a-secret-of-the-client");
    assert_eq!(asked.field("code_verifier").len(), 43);
}

#[tokio::test]
async fn a_token_that_is_not_the_projects_signs_no_one_in() {
    let fake = Fake::start().await;
    lists(&fake, &[("one", &KEYS[0])]);
    let app = app_with(&fake).await;
    let day = 24 * 60 * 60;
    let now = app.clock.now().0 / 1000;
    let good = claims(&app, &json!({}));
    let with = |changes: Value| rs256("one", &KEYS[0], &claims(&app, &changes));
    let modulus = KEYS[0].n().to_string_radix_vartime(16);
    for (what, token) in [
        (
            "foreign project",
            with(json!({ "xsolla_login_project_id": "another" })),
        ),
        (
            "no project",
            with(json!({ "xsolla_login_project_id": null })),
        ),
        ("other issuer", with(json!({ "iss": "https://evil.test" }))),
        ("no issuer", with(json!({ "iss": null }))),
        (
            "expired",
            with(json!({ "iat": now - 7200, "exp": now - 3600 })),
        ),
        ("no expiry", with(json!({ "exp": null }))),
        ("forever", with(json!({ "exp": now + 2 * day }))),
        (
            "tomorrow",
            with(json!({ "iat": now + day, "exp": now + day + 60 })),
        ),
        ("unknown", with(json!({ "sub": "" }))),
        ("number", with(json!({ "sub": 7 }))),
        ("other key", rs256("one", &KEYS[1], &good)),
        ("unknown key", rs256("two", &KEYS[1], &good)),
        ("a secret where there is none", hs256(EMPTY_SECRET, &good)),
        ("the public key as a secret", hs256(&modulus, &good)),
        ("no token", "nonsense".to_owned()),
    ] {
        let browser = app.anonymous();
        let response = sign_in(&fake, &browser, &token).await;
        assert_eq!(problem(&response), "provider-failed", "{what}");
        assert_no_one(&app, &browser, what).await;
    }
    let response = sign_in(&fake, &app.anonymous(), &with(json!({}))).await;
    assert_eq!(response.location(), "/finish-account");
}

#[tokio::test]
async fn several_keys_are_taken_and_new_ones_found_once_a_minute() {
    let fake = Fake::start().await;
    lists(&fake, &[("one", &KEYS[0])]);
    let app = app_with(&fake).await;
    let ends_at = async |id, key| {
        let token = rs256(id, key, &claims(&app, &json!({})));
        sign_in(&fake, &app.anonymous(), &token)
            .await
            .location()
            .to_owned()
    };
    let (good, bad) = ("/finish-account", "/login?problem=provider-failed");
    assert_eq!(ends_at("one", &KEYS[0]).await, good);
    lists(&fake, &[("two", &KEYS[1]), ("one", &KEYS[0])]);
    for _ in 0..3 {
        assert_eq!(ends_at("two", &KEYS[1]).await, bad);
    }
    assert_eq!(lists_asked(&fake), 1);
    app.clock.advance(Duration::from_secs(60));
    for (id, key) in [("two", &KEYS[1]), ("one", &KEYS[0]), ("two", &KEYS[1])] {
        assert_eq!(ends_at(id, key).await, good);
    }
    assert_eq!(lists_asked(&fake), 2);
    lists(&fake, &[("two", &KEYS[1])]);
    app.clock.advance(Duration::from_secs(600));
    assert_eq!(ends_at("one", &KEYS[0]).await, bad, "a key that is gone");
}

#[tokio::test]
async fn an_api_that_fails_is_not_asked_again_at_once_and_recovers() {
    let fake = Fake::start().await;
    let app = app_with(&fake).await;
    let token = rs256("one", &KEYS[0], &claims(&app, &json!({})));
    for (status, list) in [
        (503, json!({})),
        (200, json!({ "keys": [] })),
        (200, json!([{ "kid": 1 }])),
    ] {
        fake.response(KEYS_PATH, status, &list);
        let asked = lists_asked(&fake);
        for _ in 0..3 {
            let browser = app.anonymous();
            let response = sign_in(&fake, &browser, &token).await;
            assert_eq!(problem(&response), "provider-unavailable", "{list}");
            assert_no_one(&app, &browser, "no keys").await;
        }
        assert_eq!(lists_asked(&fake), asked + 1);
        app.clock.advance(Duration::from_secs(3));
    }
    lists(&fake, &[("one", &KEYS[0])]);
    let response = sign_in(&fake, &app.anonymous(), &token).await;
    assert_eq!(response.location(), "/finish-account");
}

#[tokio::test]
async fn where_codes_are_expected_a_token_in_the_address_is_worth_nothing() {
    let fake = Fake::start().await;
    lists(&fake, &[("one", &KEYS[0])]);
    let app = app_with(&fake).await;
    let browser = app.anonymous();
    let url = begin(&browser, "/oauth/xsolla/start").await;
    let state = query(&url, "state");
    let token = rs256("one", &KEYS[0], &claims(&app, &json!({ "payload": state })));
    let log = Log::capture();
    let response = browser
        .get(&format!("/oauth/xsolla/callback?token={token}"))
        .await;
    assert_eq!(problem(&response), "provider-misconfigured");
    assert_no_one(&app, &browser, "a token").await;
    assert!(log.text().contains("set OAUTH_XSOLLA_FLOW=jwt"));
}
