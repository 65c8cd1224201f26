//! Google and Microsoft, with the claims in their documentation.

use serde_json::{Value, json};

use super::{
    assert_no_one, begin, identities,
    issuer::{CLIENT_ID, Issuer},
    query,
};
use crate::harness::{DANA, PASSWORD, TestApp};

#[tokio::test]
async fn google_proves_addresses() {
    let issuer = Issuer::start().await;
    let app = TestApp::start_with(&issuer.as_google()).await;
    let claims = |verified: bool| {
        json!({
            "azp": CLIENT_ID, "sub": "110169484474386276334", "email": "ada@example.test",
            "email_verified": verified, "hd": "example.test", "name": "Ada Lovelace",
            "given_name": "Ada", "family_name": "Lovelace",
            "picture": "https://lh3.googleusercontent.com/a/photo=s96-c",
        })
    };
    let browser = app.anonymous();
    let url = begin(&browser, "/oauth/google/start").await;
    assert_eq!(query(&url, "scope"), "openid email profile");
    let response = issuer
        .signs_in(&app, &browser, "google", &claims(false))
        .await;
    assert_eq!(response.location(), "/finish-account");
    assert_no_one(&app, &browser, "an unverified address").await;
    let response = issuer
        .signs_in(&app, &browser, "google", &claims(true))
        .await;
    assert_eq!(response.location(), "/account");
    let page = browser.get("/account").await.body;
    assert!(page.contains("Ada Lovelace") && page.contains("photo=s96-c"));
}

#[tokio::test]
async fn microsoft_tells_addresses_and_proves_none() {
    let issuer = Issuer::start().await;
    let app = TestApp::start_with(&[
        ("OAUTH_MICROSOFT_ISSUER", &issuer.fake.url),
        ("OAUTH_MICROSOFT_CLIENT_ID", CLIENT_ID),
        ("OAUTH_MICROSOFT_CLIENT_SECRET", "a~secret-of-microsoft"),
        (
            "OAUTH_MICROSOFT_TENANT",
            "9188040d-6c67-4c5b-b112-36a304b66dad",
        ),
    ])
    .await;
    let claims = |more: Value| {
        let mut claims = json!({
            "ver": "2.0", "sub": "AAAAAAAAAAAAAAAAAAAAAIkzqFVrSaSaFHy782bbtaQ", "name": "Dana Demo",
            "tid": "9188040d-6c67-4c5b-b112-36a304b66dad", "preferred_username": DANA,
            "oid": "00000000-0000-0000-66f3-3332eca7ea81", "email": DANA,
        });
        claims
            .as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        claims
    };
    for more in [
        json!({}),
        json!({ "xms_edov": true }),
        json!({ "email": null }),
    ] {
        let browser = app.anonymous();
        let response = issuer
            .signs_in(&app, &browser, "microsoft", &claims(more))
            .await;
        assert_eq!(response.location(), "/finish-account");
        assert_no_one(&app, &browser, "Microsoft's word").await;
        browser.sign_in(DANA, PASSWORD).await;
        assert_eq!(identities(&app).await, 0);
        browser.post("/logout", &[]).await;
    }
    let browser = app.anonymous();
    let other_tenant = json!({ "iss": format!("{}/other", issuer.fake.url) });
    let response = issuer
        .signs_in(&app, &browser, "microsoft", &claims(other_tenant))
        .await;
    assert_eq!(response.location(), "/login?problem=provider-failed");
}
