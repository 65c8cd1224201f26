//! Issuers in cases that the sandbox's provider does not cover.

use std::time::Duration;

use serde_json::{Value, json};

use super::{
    fake::Fake,
    identities,
    issuer::{ACCESS_TOKEN, Issuer},
    problem, sign_in_as, users,
};
use crate::harness::{Browser, DANA, PASSWORD, TestApp};

/// How long an issuer is not asked again after a failure.
const PAUSE: Duration = Duration::from_secs(3);

/// The account page of a browser.
async fn account(browser: &Browser) -> String {
    browser.get("/account").await.body
}

fn proved(subject: &str, email: &str) -> Value {
    json!({ "sub": subject, "name": "Some One", "email": email, "email_verified": true })
}

#[tokio::test]
async fn equal_subjects_of_two_issuers_are_two_people() {
    let issuer = Issuer::start().await;
    let app = TestApp::start_with(&issuer.as_google()).await;
    sign_in_as(&app, &app.anonymous(), "vera-verified").await;
    let other = app.anonymous();
    let claims = proved("vera-verified", "other@example.test");
    let response = issuer.signs_in(&app, &other, "google", &claims).await;
    assert_eq!(response.location(), "/account");
    assert!(account(&other).await.contains("other@example.test"));
    assert_eq!((users(&app).await, identities(&app).await), (4, 2));
}

#[tokio::test]
async fn an_address_that_has_changed_hands_opens_nothing() {
    let issuer = Issuer::start().await;
    let app = TestApp::start_with(&issuer.as_sso()).await;
    let first = proved("first", "shared@example.test");
    issuer.signs_in(&app, &app.anonymous(), "sso", &first).await;
    let second = app.anonymous();
    let claims = proved("second", "Shared@Example.test");
    let response = issuer.signs_in(&app, &second, "sso", &claims).await;
    assert_eq!(response.location(), "/login?notice=account-exists");
    assert!(!second.is_signed_in().await);
    assert_eq!((users(&app).await, identities(&app).await), (3, 1));
}

#[tokio::test]
async fn a_new_address_at_the_provider_changes_nothing_here() {
    let issuer = Issuer::start().await;
    let app = TestApp::start_with(&issuer.as_sso()).await;
    let claims = proved("ada", "ada@example.test");
    issuer
        .signs_in(&app, &app.anonymous(), "sso", &claims)
        .await;
    for claims in [
        proved("ada", DANA),
        json!({ "sub": "ada", "email": "else@example.test", "email_verified": false }),
        json!({ "sub": "ada" }),
    ] {
        let browser = app.anonymous();
        let response = issuer.signs_in(&app, &browser, "sso", &claims).await;
        assert_eq!(response.location(), "/account", "{claims}");
        assert!(account(&browser).await.contains("ada@example.test"));
    }
    assert_eq!((users(&app).await, identities(&app).await), (3, 1));
}

#[tokio::test]
async fn another_linked_provider_proves_the_account_as_well_as_a_password() {
    let issuer = Issuer::start().await;
    let app = TestApp::start_with(&issuer.as_google()).await;
    sign_in_as(&app, &app.anonymous(), "vera-verified").await;
    let browser = app.anonymous();
    let claims = proved("vera-at-google", "vera@people.example");
    let response = issuer.signs_in(&app, &browser, "google", &claims).await;
    assert_eq!(response.location(), "/login?notice=account-exists");
    sign_in_as(&app, &browser, "vera-verified").await;
    assert_eq!((users(&app).await, identities(&app).await), (3, 2));
    let elsewhere = app.anonymous();
    let response = issuer.signs_in(&app, &elsewhere, "google", &claims).await;
    assert_eq!(response.location(), "/account");
    assert!(account(&elsewhere).await.contains("Vera Verified"));
}

#[tokio::test]
async fn userinfo_verifies_an_address_by_true_alone() {
    let issuer = Issuer::start().await;
    let userinfo = format!("{}/userinfo", issuer.fake.url);
    issuer.discloses(&json!({ "userinfo_endpoint": userinfo }));
    let app = TestApp::start_with(&issuer.as_sso()).await;
    for verified in [
        json!(false),
        json!("false"),
        json!("1"),
        json!(1),
        json!(null),
        json!(["true"]),
    ] {
        let told = json!({ "sub": "mallory", "email": DANA, "email_verified": verified });
        issuer.fake.response("/userinfo", 200, &told);
        let browser = app.anonymous();
        let claims = json!({ "sub": "mallory" });
        let response = issuer.signs_in(&app, &browser, "sso", &claims).await;
        assert_eq!(response.location(), "/finish-account", "{verified}");
        browser.sign_in(DANA, PASSWORD).await;
        assert_eq!(identities(&app).await, 0, "{verified}");
    }
    let told = json!({ "sub": "ada", "email": "ada@example.test", "email_verified": true });
    issuer.fake.response("/userinfo", 200, &told);
    let browser = app.anonymous();
    let response = issuer
        .signs_in(&app, &browser, "sso", &json!({ "sub": "ada" }))
        .await;
    assert_eq!(response.location(), "/account");
    let asked = issuer.fake.asked("/userinfo").pop().unwrap();
    assert_eq!(
        asked.headers["authorization"],
        format!("Bearer {ACCESS_TOKEN}")
    );
}

#[tokio::test]
async fn no_unsafe_address_of_a_discovery_document_is_ever_asked() {
    let elsewhere = Fake::start().await;
    let issuer = Issuer::start().await;
    let unsafe_addresses = [
        elsewhere.url.replace("127.0.0.1", "127.0.0.2"),
        elsewhere.url.replace("127.0.0.1", "[::ffff:127.0.0.1]"),
        "http://169.254.169.254/latest".to_owned(),
        "ftp://issuer.example".to_owned(),
        "file:///etc/passwd".to_owned(),
    ];
    let endpoints = [
        "authorization_endpoint",
        "token_endpoint",
        "userinfo_endpoint",
        "jwks_uri",
    ];
    let app = TestApp::start_with(&issuer.as_sso()).await;
    for address in &unsafe_addresses {
        for endpoint in endpoints {
            app.clock.advance(PAUSE);
            issuer.discloses(&json!({ endpoint: format!("{address}/x") }));
            let response = app.anonymous().get("/oauth/sso/start").await;
            assert_eq!(
                problem(&response),
                "provider-unavailable",
                "{endpoint} {address}"
            );
        }
    }
    let documents = issuer.fake.asked("/.well-known/openid-configuration");
    assert_eq!(documents.len(), unsafe_addresses.len() * endpoints.len());
    assert_eq!(elsewhere.asked_in_all(), 0);
    assert!(issuer.fake.asked("/jwks").is_empty());
}

#[tokio::test]
async fn the_client_shows_its_secret_as_the_issuer_wants_it() {
    for (methods, in_body) in [
        (json!(null), false),
        (json!(["client_secret_basic", "client_secret_post"]), false),
        (json!(["client_secret_post"]), true),
    ] {
        let issuer = Issuer::start().await;
        issuer.discloses(&json!({ "token_endpoint_auth_methods_supported": methods }));
        let app = TestApp::start_with(&issuer.as_sso()).await;
        let browser = app.anonymous();
        issuer
            .signs_in(&app, &browser, "sso", &proved("a", "a@example.test"))
            .await;
        let asked = issuer.fake.asked("/token").remove(0);
        assert_eq!(
            asked.headers.contains_key("authorization"),
            !in_body,
            "{methods}"
        );
        assert_eq!(
            !asked.field("client_secret").is_empty(),
            in_body,
            "{methods}"
        );
    }
}
