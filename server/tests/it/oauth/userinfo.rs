//! When the userinfo endpoint is asked, and what its responses decide.

use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};

use super::{
    assert_no_one,
    issuer::{CLIENT_ID, Issuer, ec_key},
    problem,
};
use crate::harness::{Browser, Log, TestApp};

const ADA: &str = "ada@example.test";
const SIGNED_IN: &str = "303 /account";
const TO_FINISH: &str = "303 /finish-account";
const FAILED: &str = "provider-failed";

async fn issuer_and_app() -> (Issuer, TestApp) {
    let issuer = Issuer::start().await;
    let userinfo = format!("{}/userinfo", issuer.fake.url);
    issuer.discloses(&json!({ "userinfo_endpoint": userinfo }));
    let app = TestApp::start_with(&issuer.as_sso()).await;
    (issuer, app)
}

async fn ends_at(issuer: &Issuer, app: &TestApp, browser: &Browser, token: &Value) -> String {
    problem(&issuer.signs_in(app, browser, "sso", token).await)
}

#[tokio::test]
async fn it_is_asked_for_whatever_the_id_token_lacks() {
    let whole = json!({ "name": "Ada", "email": ADA, "email_verified": true, "picture": "https://a.test/p" });
    for (lacks, also, asked) in [
        ("", "", 0),
        ("email", "", 1),
        ("email_verified", "", 1),
        ("email", "email_verified", 1),
        ("name", "", 1),
        ("picture", "", 1),
    ] {
        let (issuer, app) = issuer_and_app().await;
        let mut told = whole.clone();
        told["sub"] = json!("ada");
        issuer.fake.response("/userinfo", 200, &told);
        let mut token = told.clone();
        for name in [lacks, also] {
            token.as_object_mut().unwrap().remove(name);
        }
        let browser = app.anonymous();
        assert_eq!(
            ends_at(&issuer, &app, &browser, &token).await,
            SIGNED_IN,
            "{lacks}"
        );
        assert_eq!(issuer.fake.asked("/userinfo").len(), asked, "{lacks}");
        let page = browser.get("/account").await.body;
        let is_whole = [ADA, "value=\"Ada\"", "https://a.test/p"]
            .iter()
            .all(|part| page.contains(part));
        assert!(is_whole, "{lacks}");
    }
}

#[tokio::test]
async fn the_two_places_complete_each_other_about_one_address() {
    for (token, told, end) in [
        (
            json!({ "email": ADA }),
            json!({ "email": ADA, "email_verified": true }),
            SIGNED_IN,
        ),
        (
            json!({ "email": ADA }),
            json!({ "email": ADA, "email_verified": "true" }),
            SIGNED_IN,
        ),
        (
            json!({ "email": ADA }),
            json!({ "email_verified": true }),
            SIGNED_IN,
        ),
        (
            json!({ "email": "Ada@Example.test" }),
            json!({ "email": ADA, "email_verified": true }),
            SIGNED_IN,
        ),
        (
            json!({ "email_verified": true }),
            json!({ "email": ADA }),
            SIGNED_IN,
        ),
        (
            json!({ "email": "old@example.test" }),
            json!({ "email": ADA, "email_verified": true }),
            SIGNED_IN,
        ),
        (
            json!({ "email": ADA }),
            json!({ "email": ADA, "email_verified": false }),
            TO_FINISH,
        ),
        (
            json!({ "email": ADA }),
            json!({ "email": "b@example.test", "email_verified": false }),
            TO_FINISH,
        ),
        (json!({}), json!({ "email_verified": true }), TO_FINISH),
    ] {
        let (issuer, app) = issuer_and_app().await;
        let with = |claims: &Value| {
            let mut all = json!({ "sub": "ada", "name": "Ada" });
            all.as_object_mut()
                .unwrap()
                .extend(claims.as_object().unwrap().clone());
            all
        };
        issuer.fake.response("/userinfo", 200, &with(&told));
        let browser = app.anonymous();
        let ended = ends_at(&issuer, &app, &browser, &with(&token)).await;
        assert_eq!(ended, end, "{token} {told}");
        if end == SIGNED_IN {
            let page = browser.get("/account").await.body;
            assert!(page.to_lowercase().contains(ADA), "{token} {told}");
        }
    }
}

#[tokio::test]
async fn a_signed_response_is_verified() {
    let right = json!({ "sub": "ada", "email": ADA, "email_verified": true });
    let other_key = EncodingKey::from_ec_pem(ec_key().as_bytes()).unwrap();
    let secret = EncodingKey::from_secret(b"a-secret-of-no-one-that-matters-here").unwrap();
    for (what, changes, end) in [
        (
            "as it should be",
            json!({ "iss": "ISSUER", "aud": CLIENT_ID }),
            SIGNED_IN,
        ),
        (
            "an audience in a list",
            json!({ "iss": "ISSUER", "aud": ["x", CLIENT_ID] }),
            SIGNED_IN,
        ),
        ("neither issuer nor audience", json!({}), SIGNED_IN),
        (
            "another issuer",
            json!({ "iss": "https://evil.test", "aud": CLIENT_ID }),
            FAILED,
        ),
        (
            "another audience",
            json!({ "iss": "ISSUER", "aud": "x" }),
            FAILED,
        ),
        ("an issuer that is no text", json!({ "iss": 7 }), FAILED),
        ("an audience that is no text", json!({ "aud": 7 }), FAILED),
        ("another subject", json!({ "sub": "eve" }), FAILED),
        ("another key", json!({}), TO_FINISH),
        ("a shared secret", json!({}), TO_FINISH),
        ("no signature", json!({}), TO_FINISH),
    ] {
        let (issuer, app) = issuer_and_app().await;
        let mut claims = right.clone();
        claims
            .as_object_mut()
            .unwrap()
            .extend(changes.as_object().unwrap().clone());
        if claims["iss"] == "ISSUER" {
            claims["iss"] = json!(issuer.fake.url);
        }
        let header = |algorithm| Header {
            kid: Some("one".to_owned()),
            ..Header::new(algorithm)
        };
        let token = match what {
            "another key" => encode(&header(Algorithm::ES256), &claims, &other_key).unwrap(),
            "a shared secret" => encode(&header(Algorithm::HS256), &claims, &secret).unwrap(),
            "no signature" => {
                let signed = issuer.sign(&claims);
                signed[..=signed.rfind('.').unwrap()].to_owned()
            }
            _ => issuer.sign(&claims),
        };
        issuer
            .fake
            .answer_text("/userinfo", 200, "application/jwt", &token);
        let browser = app.anonymous();
        let ended = ends_at(
            &issuer,
            &app,
            &browser,
            &json!({ "sub": "ada", "name": "Ada" }),
        )
        .await;
        assert_eq!(ended, end, "{what}");
        if end != SIGNED_IN {
            assert_no_one(&app, &browser, what).await;
        }
        let accepted = issuer.fake.asked("/userinfo")[0].headers["accept"].clone();
        assert_eq!(accepted, "application/json, application/jwt");
    }
}

#[tokio::test]
async fn in_plain_json_issuer_and_audience_are_claims_that_are_not_used() {
    for (changes, end) in [
        (json!({ "iss": "https://elsewhere.test" }), SIGNED_IN),
        (json!({ "iss": 7 }), SIGNED_IN),
        (json!({ "aud": "another-client" }), SIGNED_IN),
        (json!({ "aud": 7 }), SIGNED_IN),
        (json!({ "aud": { "a": [] } }), SIGNED_IN),
        (json!({ "iss": [], "aud": [7], "azp": "x" }), SIGNED_IN),
        (json!({ "sub": "eve" }), FAILED),
        (json!({ "sub": ["ada"] }), FAILED),
        (json!({ "sub": null }), FAILED),
    ] {
        let (issuer, app) = issuer_and_app().await;
        let mut told = json!({ "sub": "ada", "email": ADA, "email_verified": true });
        let all = told.as_object_mut().unwrap();
        all.extend(changes.as_object().unwrap().clone());
        issuer.fake.response("/userinfo", 200, &told);
        let token = json!({ "sub": "ada", "name": "Ada" });
        let ended = ends_at(&issuer, &app, &app.anonymous(), &token).await;
        assert_eq!(ended, end, "{changes}");
    }
}

#[tokio::test]
async fn a_sign_in_that_lacks_nothing_needed_goes_on_without_it() {
    let (issuer, app) = issuer_and_app().await;
    let known = json!({ "sub": "ada", "name": "Ada", "email": ADA, "email_verified": true });
    assert_eq!(
        ends_at(&issuer, &app, &app.anonymous(), &known).await,
        SIGNED_IN
    );
    for (status, kind, body) in [
        (500, "application/json", "{}"),
        (404, "text/html", "<h1>no</h1>"),
        (200, "text/html", "<h1>hello</h1>"),
        (200, "application/jwt", "a.b.c"),
        (200, "application/jwt", "five.parts.are.encrypted.here"),
        (200, "application/json", "[]"),
    ] {
        issuer.fake.answer_text("/userinfo", status, kind, body);
        // The user is known, so that nothing but the subject is needed.
        for token in [json!({ "sub": "ada" }), known.clone()] {
            let log = Log::capture();
            let ended = ends_at(&issuer, &app, &app.anonymous(), &token).await;
            assert_eq!(ended, SIGNED_IN, "{status} {body}");
            assert!(
                log.text().contains("the sign-in goes on without it"),
                "{status} {body}"
            );
        }
    }
}
