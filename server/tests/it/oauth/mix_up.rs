//! Mix-up attacks: two providers, one of which is an attacker's.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::{
    assert_no_one, begin, callback_url, choose,
    issuer::{CODE, Issuer},
    problem, query,
};
use crate::harness::TestApp;

#[tokio::test]
async fn the_state_of_one_provider_is_worth_nothing_at_the_other() {
    let issuer = Issuer::start().await;
    let app = TestApp::start_with(&issuer.as_google()).await;
    let browser = app.anonymous();
    let back = callback_url(&app, &browser, "vera-verified").await;
    let swapped = back.replace("/oauth/sso/", "/oauth/google/");
    assert_eq!(browser.get(&swapped).await.status, 400);

    let url = begin(&browser, "/oauth/google/start").await;
    let state = query(&url, "state");
    let swapped = format!("/oauth/sso/callback?code={CODE}&state={state}");
    assert_eq!(browser.get(&swapped).await.status, 400);
    assert_no_one(&app, &browser, "another provider's state").await;
    assert_eq!(app.sandbox.sso().log().calls.token, 0);
    assert!(issuer.fake.asked("/token").is_empty());
    assert_eq!(
        browser.get(&back).await.location(),
        "/account",
        "it is still good"
    );
}

#[tokio::test]
async fn a_code_of_one_provider_is_never_shown_to_the_other() {
    let issuer = Issuer::start().await;
    let app = TestApp::start_with(&issuer.as_google()).await;
    let browser = app.anonymous();
    // The attacker's provider redirects the browser to the honest one, with the state of its own flow.
    let url = begin(&browser, "/oauth/google/start").await;
    let honest = begin(&browser, "/oauth/sso/start").await;
    let mut mixed = honest.clone();
    let replaced: Vec<(String, String)> = honest
        .query_pairs()
        .map(|(name, value)| match &*name {
            "state" => (name.into_owned(), query(&url, "state")),
            _ => (name.into_owned(), value.into_owned()),
        })
        .collect();
    mixed.query_pairs_mut().clear().extend_pairs(replaced);
    let back = choose(&app, &mixed, "vera-verified").await;
    assert_eq!(browser.get(&back).await.status, 400);
    // At the attacker's callback, the response names the honest provider as its issuer.
    let back = back.replace("/oauth/sso/", "/oauth/google/");
    assert_eq!(problem(&browser.get(&back).await), "provider-failed");
    assert!(issuer.fake.asked("/token").is_empty());
    assert_no_one(&app, &browser, "a mix-up").await;
}

#[tokio::test]
async fn a_token_of_another_sign_in_or_client_or_issuer_is_refused() {
    let issuer = Issuer::start().await;
    let app = TestApp::start_with(&issuer.as_google()).await;
    let browser = app.anonymous();
    let other = begin(&browser, "/oauth/google/start").await;
    let proved = json!({ "sub": "a", "email": "a@example.test", "email_verified": true });
    for wrong in [
        json!({ "nonce": query(&other, "nonce") }),
        json!({ "iss": app.sandbox.sso().issuer() }),
        json!({ "iss": format!("{}/other-tenant", issuer.fake.url) }),
        json!({ "aud": "latchkey-demo" }),
        json!({ "aud": [] }),
        json!({ "azp": "latchkey-demo" }),
        json!({ "azp": ["our-client"] }),
        json!({ "nbf": "soon" }),
        json!({ "iat": null }),
        json!({ "iat": 1_000_000 }),
        json!({ "sub": "ä" }),
        json!({ "sub": null }),
    ] {
        let mut claims = proved.clone();
        let changes = wrong.as_object().unwrap().clone();
        claims.as_object_mut().unwrap().extend(changes);
        let response = issuer.signs_in(&app, &browser, "google", &claims).await;
        assert!(
            problem(&response).starts_with("provider-"),
            "{wrong}: {response:?}"
        );
        assert_no_one(&app, &browser, &wrong.to_string()).await;
    }
    let good = issuer.signs_in(&app, &browser, "google", &proved).await;
    assert_eq!(good.location(), "/account");
}

#[tokio::test]
async fn the_verifier_is_the_challenges_and_another_each_time() {
    let issuer = Issuer::start().await;
    let app = TestApp::start_with(&issuer.as_sso()).await;
    let mut verifiers = Vec::new();
    for _ in 0..2 {
        let browser = app.anonymous();
        let url = begin(&browser, "/oauth/sso/start").await;
        issuer.knows(&app, &url, &json!({ "sub": "a" }));
        let state = query(&url, "state");
        let back = format!("/oauth/sso/callback?code={CODE}&state={state}");
        assert_eq!(browser.get(&back).await.location(), "/finish-account");
        let asked = issuer.fake.asked("/token").pop().unwrap();
        let verifier = asked.field("code_verifier");
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(&verifier));
        assert_eq!(query(&url, "code_challenge"), challenge);
        assert_eq!(asked.field("code"), CODE);
        assert_eq!(asked.field("redirect_uri"), query(&url, "redirect_uri"));
        verifiers.push(verifier);
    }
    assert_ne!(verifiers[0], verifiers[1]);
}
