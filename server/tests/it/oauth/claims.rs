//! How claims are written: kinds × forms, in the ID token and in the token response.

use serde_json::{Value, json};

use super::{
    assert_no_one, begin,
    issuer::{CLIENT_ID, Issuer, back},
    problem,
};
use crate::harness::{DANA, Log, TestApp};

const SIGNED_IN: &str = "303 /account";
const FAILED: &str = "provider-failed";

/// Where a sign-in of a new user with these claims ends.
async fn ends_at(issuer: &Issuer, app: &TestApp, changes: &Value) -> String {
    let mut claims = json!({
        "sub": format!("user-{}", rand()), "name": "Some One",
        "email": format!("{}@example.test", rand()), "email_verified": true,
    });
    let all = claims.as_object_mut().unwrap();
    all.extend(changes.as_object().unwrap().clone());
    let response = issuer.signs_in(app, &app.anonymous(), "sso", &claims).await;
    problem(&response)
}

fn rand() -> String {
    server::random::uid()
}

#[tokio::test]
async fn a_claim_that_is_not_used_decides_nothing() {
    let issuer = Issuer::start().await;
    let many = [("LATCHKEY_LIMIT_OAUTH_BURST", "1000")];
    let app = TestApp::start_with(&[&issuer.as_sso()[..], &many].concat()).await;
    for name in [
        "updated_at",
        "address",
        "birthdate",
        "nickname",
        "gender",
        "auth_time",
        "acr",
        "amr",
        "zoneinfo",
        "locale",
        "profile",
        "website",
        "phone_number",
        "phone_number_verified",
        "given_name",
        "groups",
        "sid",
        "jti",
    ] {
        for value in [
            json!("2026-11-20T10:00:00.000Z"),
            json!(1_764_500_000.5),
            json!(true),
            json!(["text", 7]),
            json!({ "formatted": 7 }),
            json!(""),
        ] {
            let end = ends_at(&issuer, &app, &json!({ name: value })).await;
            assert_eq!(end, SIGNED_IN, "{name}: {value}");
        }
    }
}

#[tokio::test]
async fn a_claim_of_another_kind_is_as_good_as_none_and_the_log_names_it() {
    let issuer = Issuer::start().await;
    let app = TestApp::start_with(&issuer.as_sso()).await;
    for (name, value, expected) in [
        ("name", json!(["Some", "One"]), SIGNED_IN),
        ("name", json!(7), SIGNED_IN),
        ("picture", json!({ "url": "https://a.test" }), SIGNED_IN),
        ("email", json!(["a@example.test"]), "303 /finish-account"),
        ("email", json!(7), "303 /finish-account"),
        ("email_verified", json!("1"), "303 /finish-account"),
        ("email_verified", json!(1), "303 /finish-account"),
        ("email_verified", json!({}), "303 /finish-account"),
    ] {
        let log = Log::capture();
        let end = ends_at(&issuer, &app, &json!({ name: value })).await;
        assert_eq!(end, expected, "{name}: {value}");
        let text = log.text();
        let line = text.lines().find(|line| line.contains("of another kind"));
        let line = line.unwrap_or_else(|| panic!("{name} {value} is not in the log"));
        assert!(line.contains(&format!("name=\"{name}\"")), "{line}");
    }
}

#[tokio::test]
async fn true_is_true_in_every_form_of_it() {
    let issuer = Issuer::start().await;
    let app = TestApp::start_with(&issuer.as_sso()).await;
    for (value, expected) in [
        (json!(true), SIGNED_IN),
        (json!("true"), SIGNED_IN),
        (json!("True"), SIGNED_IN),
        (json!(false), "303 /finish-account"),
        (json!("false"), "303 /finish-account"),
        (json!("0"), "303 /finish-account"),
        (json!(null), "303 /finish-account"),
    ] {
        let end = ends_at(&issuer, &app, &json!({ "email_verified": value })).await;
        assert_eq!(end, expected, "{value}");
    }
}

#[tokio::test]
async fn an_issuer_that_is_trusted_need_not_say_that_addresses_are_verified() {
    let issuer = Issuer::start().await;
    let trusted = [&issuer.as_sso()[..], &[("OAUTH_SSO_TRUST_EMAIL", "on")]].concat();
    let app = TestApp::start_with(&trusted).await;
    for (value, expected) in [
        (json!("1"), SIGNED_IN),
        (json!(1), SIGNED_IN),
        (json!(null), SIGNED_IN),
        (json!("true"), SIGNED_IN),
        (json!(false), "303 /finish-account"),
        (json!("false"), "303 /finish-account"),
        (json!(0), "303 /finish-account"),
        (json!("0"), "303 /finish-account"),
    ] {
        let end = ends_at(&issuer, &app, &json!({ "email_verified": value })).await;
        assert_eq!(end, expected, "{value}");
    }
    let equal = ends_at(
        &issuer,
        &app,
        &json!({ "email": DANA, "email_verified": "1" }),
    )
    .await;
    assert_eq!(
        equal, "303 /login?notice=account-exists",
        "it links nothing"
    );
}

#[tokio::test]
async fn an_audience_may_be_shared_if_the_token_is_ours() {
    let issuer = Issuer::start().await;
    let app = TestApp::start_with(&issuer.as_sso()).await;
    let other = "329836626744180738";
    for (claims, expected) in [
        (json!({ "aud": CLIENT_ID }), SIGNED_IN),
        (json!({ "aud": [CLIENT_ID] }), SIGNED_IN),
        (json!({ "aud": [CLIENT_ID], "azp": CLIENT_ID }), SIGNED_IN),
        (
            json!({ "aud": [CLIENT_ID, other], "azp": CLIENT_ID }),
            SIGNED_IN,
        ),
        (
            json!({ "aud": [other, CLIENT_ID], "azp": CLIENT_ID }),
            SIGNED_IN,
        ),
        (json!({ "aud": [CLIENT_ID, other] }), FAILED),
        (json!({ "aud": [CLIENT_ID, other], "azp": other }), FAILED),
        (
            json!({ "aud": [CLIENT_ID, other], "azp": [CLIENT_ID] }),
            FAILED,
        ),
        (json!({ "aud": CLIENT_ID, "azp": other }), FAILED),
        (json!({ "aud": CLIENT_ID, "azp": 7 }), FAILED),
        (json!({ "aud": other, "azp": CLIENT_ID }), FAILED),
        (json!({ "aud": [other], "azp": CLIENT_ID }), FAILED),
        (json!({ "aud": [], "azp": CLIENT_ID }), FAILED),
        (json!({ "aud": null }), FAILED),
        (json!({ "aud": [CLIENT_ID, 7], "azp": CLIENT_ID }), FAILED),
        (json!({ "aud": { CLIENT_ID: true } }), FAILED),
    ] {
        let end = ends_at(&issuer, &app, &claims).await;
        assert_eq!(end, expected, "{claims}");
    }
}

#[tokio::test]
async fn times_are_numbers_with_or_without_a_fraction() {
    let issuer = Issuer::start().await;
    let app = TestApp::start_with(&issuer.as_sso()).await;
    let now = app.clock.now().seconds();
    let float = now as f64;
    for (claims, expected) in [
        (
            json!({ "iat": float + 0.25, "exp": float + 600.75 }),
            SIGNED_IN,
        ),
        (
            json!({ "iat": float, "exp": float + 600.0, "nbf": float - 0.5 }),
            SIGNED_IN,
        ),
        (json!({ "iat": now + 60 }), SIGNED_IN),
        (json!({ "exp": now - 60 , "iat": now - 90 }), SIGNED_IN),
        (json!({ "iat": now.to_string() }), FAILED),
        (json!({ "exp": (now + 600).to_string() }), FAILED),
        (json!({ "exp": "2036-11-20T10:00:00Z" }), FAILED),
        (json!({ "nbf": now.to_string() }), FAILED),
        (json!({ "exp": [now + 600] }), FAILED),
        (json!({ "exp": null }), FAILED),
        (json!({ "iat": null }), FAILED),
        (json!({ "exp": -1e30 }), FAILED),
        (json!({ "exp": now - 121, "iat": now - 200 }), FAILED),
        (json!({ "iat": now + 121 }), FAILED),
        (json!({ "iat": now - 721 }), FAILED),
    ] {
        let end = ends_at(&issuer, &app, &claims).await;
        assert_eq!(end, expected, "{claims}");
    }
}

#[tokio::test]
async fn what_is_not_used_of_the_token_response_decides_nothing() {
    let issuer = Issuer::start().await;
    let app = TestApp::start_with(&issuer.as_sso()).await;
    for changes in [
        json!({ "expires_in": "3599" }),
        json!({ "expires_in": 3599.5 }),
        json!({ "expires_in": -1 }),
        json!({ "expires_in": [3599] }),
        json!({ "scope": ["openid", "email"] }),
        json!({ "scope": 7 }),
        json!({ "refresh_token": { "a": 1 } }),
        json!({ "token_type": null }),
        json!({ "token_type": "bearer" }),
        json!({ "token_type": 7 }),
        json!({ "error": null, "session_state": [] }),
    ] {
        let browser = app.anonymous();
        let url = begin(&browser, "/oauth/sso/start").await;
        let user = json!({ "sub": rand(), "name": "Some One", "email": format!("{}@example.test", rand()), "email_verified": true });
        let claims = issuer.claims(&app, &url, &user);
        issuer.issues(&issuer.sign(&claims), &changes);
        let response = browser.get(&back(&url, "sso")).await;
        assert_eq!(response.location(), "/account", "{changes}");
    }
}

#[tokio::test]
async fn tokens_count_whatever_success_and_type_they_come_with() {
    let issuer = Issuer::start().await;
    let app = TestApp::start_with(&issuer.as_sso()).await;
    for (status, kind) in [
        (200, "application/json;charset=utf-8"),
        (201, "application/json"),
        (202, "application/json"),
        (200, "text/plain"),
        (200, "text/html; charset=utf-8"),
        (200, "application/x-www-form-urlencoded"),
        (200, "application/jwt"),
        (200, ""),
    ] {
        let browser = app.anonymous();
        let url = begin(&browser, "/oauth/sso/start").await;
        let user = json!({ "sub": rand(), "name": "Some One", "email": format!("{}@example.test", rand()), "email_verified": true });
        let id_token = issuer.sign(&issuer.claims(&app, &url, &user));
        let tokens = json!({ "access_token": "a", "id_token": id_token }).to_string();
        issuer.fake.answer_text("/token", status, kind, &tokens);
        let response = browser.get(&back(&url, "sso")).await;
        assert_eq!(response.location(), "/account", "{status} {kind}");
    }
}

#[tokio::test]
async fn what_is_used_of_the_token_response_has_to_be_there() {
    let issuer = Issuer::start().await;
    let app = TestApp::start_with(&issuer.as_sso()).await;
    for (changes, expected) in [
        (json!({ "id_token": null }), FAILED),
        (json!({ "id_token": "a.b.c" }), FAILED),
        (json!({ "id_token": "" }), FAILED),
        (json!({ "id_token": 7 }), "provider-unavailable"),
        (json!({ "access_token": null }), "provider-unavailable"),
        (json!({ "access_token": 7 }), "provider-unavailable"),
    ] {
        let browser = app.anonymous();
        let url = begin(&browser, "/oauth/sso/start").await;
        let claims = issuer.claims(&app, &url, &json!({ "sub": "ada" }));
        issuer.issues(&issuer.sign(&claims), &changes);
        let response = browser.get(&back(&url, "sso")).await;
        assert_eq!(problem(&response), expected, "{changes}");
        assert_no_one(&app, &browser, "an incomplete response").await;
    }
}

#[tokio::test]
async fn what_is_not_used_of_the_discovery_document_decides_nothing() {
    for changes in [
        json!({ "response_types_supported": null, "subject_types_supported": null }),
        json!({ "id_token_signing_alg_values_supported": null }),
        json!({ "id_token_signing_alg_values_supported": "ES256" }),
        json!({ "scopes_supported": "openid email", "claims_supported": { "a": 1 } }),
        json!({ "grant_types_supported": [7], "display_values_supported": 7 }),
        json!({ "token_endpoint_auth_methods_supported": "client_secret_basic" }),
        json!({ "authorization_response_iss_parameter_supported": "false" }),
        json!({ "registration_endpoint": "not a URL", "ui_locales_supported": 7 }),
        json!({ "prompt_values_supported": 7, "claims_parameter_supported": "true" }),
    ] {
        let issuer = Issuer::start().await;
        issuer.discloses(&changes);
        let app = TestApp::start_with(&issuer.as_sso()).await;
        let end = ends_at(&issuer, &app, &json!({})).await;
        assert_eq!(end, SIGNED_IN, "{changes}");
    }
}
