//! Values that JSON allows and no program can represent: values × places.

use serde_json::{Value, json};

use super::{
    begin,
    issuer::{ACCESS_TOKEN, Issuer, back},
    problem,
};
use crate::harness::{Browser, Log, TestApp};

const SIGNED_IN: &str = "303 /account";
const FAILED: &str = "provider-failed";
const JSON: &str = "application/json";

/// Where a value is.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Place {
    IdToken,
    TokenResponse,
    Userinfo,
    SignedUserinfo,
    Document,
    Keys,
}

/// The values, as JSON.
pub fn values() -> [String; 5] {
    let deep = "[".repeat(200) + &"]".repeat(200);
    [
        r#""half a pair: \ud83d""#,
        r#""\udc00""#,
        "1e400",
        r#"{"a":["\ud800",-1e999]}"#,
        deep.as_str(),
    ]
    .map(str::to_owned)
}

/// A JSON object with one more member.
pub fn with(object: &Value, name: &str, value: &str) -> String {
    let text = object.to_string();
    let members = text.strip_suffix('}').unwrap();
    format!("{members},\"{name}\":{value}}}")
}

/// Signs a new user in, who is described in two places and in each has a claim `name` with this value, if that is
/// the place.
async fn sign_in(issuer: &Issuer, app: &TestApp, place: Place, name: &str, value: &str) -> String {
    let at = |here: Place, object: &Value| match here == place {
        true => with(object, name, value),
        false => object.to_string(),
    };
    let fake = &issuer.fake;
    let document = at(
        Place::Document,
        &issuer.document(&json!({ "userinfo_endpoint": format!("{}/userinfo", fake.url) })),
    );
    fake.answer_text("/.well-known/openid-configuration", 200, JSON, &document);
    let key = at(Place::Keys, &issuer.keys["keys"][0]);
    let other = at(Place::Keys, &json!({ "kty": "AKP" }));
    let keys = format!("{{\"keys\":[{other},{key}]}}");
    fake.answer_text("/jwks", 200, JSON, &keys);

    let browser = app.anonymous();
    let url = begin(&browser, "/oauth/sso/start").await;
    let user = json!({ "sub": "ada", "email": "ada@example.test", "email_verified": true });
    let told = json!({ "sub": "ada" });
    let id_token = issuer.sign_text(&at(Place::IdToken, &issuer.claims(app, &url, &user)));
    let tokens = json!({ "access_token": ACCESS_TOKEN, "id_token": id_token });
    fake.answer_text("/token", 200, JSON, &at(Place::TokenResponse, &tokens));
    let signed = issuer.sign_text(&at(Place::SignedUserinfo, &told));
    match place {
        Place::SignedUserinfo => fake.answer_text("/userinfo", 200, "application/jwt", &signed),
        _ => fake.answer_text("/userinfo", 200, JSON, &at(Place::Userinfo, &told)),
    }
    problem(&browser.get(&back(&url, "sso")).await)
}

#[tokio::test]
async fn where_it_is_not_used_it_decides_nothing() {
    for place in [
        Place::IdToken,
        Place::TokenResponse,
        Place::Userinfo,
        Place::SignedUserinfo,
        Place::Document,
        Place::Keys,
    ] {
        for value in values() {
            let issuer = Issuer::start().await;
            let app = TestApp::start_with(&issuer.as_sso()).await;
            let log = Log::capture();
            let end = sign_in(&issuer, &app, place, "unused", &value).await;
            assert_eq!(end, SIGNED_IN, "{place:?} {value}");
            let text = log.text();
            assert!(!text.contains("goes on without it"), "{place:?}: {text}");
        }
    }
}

#[tokio::test]
async fn where_a_claim_is_used_it_is_as_good_as_none() {
    for (place, name, end) in [
        (Place::IdToken, "name", SIGNED_IN),
        (Place::IdToken, "picture", SIGNED_IN),
        (Place::Userinfo, "name", SIGNED_IN),
        (Place::SignedUserinfo, "picture", SIGNED_IN),
        (Place::SignedUserinfo, "iss", FAILED),
        (Place::SignedUserinfo, "aud", FAILED),
        (Place::IdToken, "azp", FAILED),
        (Place::IdToken, "at_hash", FAILED),
        (Place::IdToken, "nbf", FAILED),
    ] {
        for value in values() {
            let issuer = Issuer::start().await;
            let app = TestApp::start_with(&issuer.as_sso()).await;
            let ended = sign_in(&issuer, &app, place, name, &value).await;
            assert_eq!(ended, end, "{place:?} {name} {value}");
        }
    }
}

/// Completes a sign-in with an ID token that lacks a claim and has it with this value instead.
async fn sign_in_without(
    issuer: &Issuer,
    app: &TestApp,
    browser: &Browser,
    name: &str,
    value: &str,
) -> String {
    let url = begin(browser, "/oauth/sso/start").await;
    let user =
        json!({ "sub": "ada", "email": "ada@example.test", "email_verified": true, "name": "Ada" });
    let mut claims = issuer.claims(app, &url, &user);
    claims.as_object_mut().unwrap().remove(name);
    let token = issuer.sign_text(&with(&claims, name, value));
    issuer.issues(&token, &json!({}));
    problem(&browser.get(&back(&url, "sso")).await)
}

#[tokio::test]
async fn what_protects_has_to_be_readable() {
    let issuer = Issuer::start().await;
    let app = TestApp::start_with(&issuer.as_sso()).await;
    for name in ["iss", "aud", "sub", "nonce", "exp", "iat"] {
        for value in values() {
            let browser = app.anonymous();
            let end = sign_in_without(&issuer, &app, &browser, name, &value).await;
            assert_eq!(end, FAILED, "{name} {value}");
            super::assert_no_one(&app, &browser, name).await;
        }
    }
}
