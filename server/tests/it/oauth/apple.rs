//! Apple: a response by form post, a client secret that we sign, a name sent only once, booleans as strings.

use jsonwebtoken::{
    Algorithm, DecodingKey, EncodingKey, Validation, decode, decode_header, jwk::Jwk,
};
use reqwest::Method;
use serde_json::{Value, json};

use super::{
    assert_no_one, begin,
    issuer::{CODE, Issuer, ec_key},
    query,
};
use crate::harness::{Browser, Response, TestApp};

const RELAY: &str = "dpdcnf87nu@privaterelay.appleid.com";
const NAME: &str =
    r#"{"name":{"firstName":"Ada","lastName":"Lovelace"},"email":"typed@example.test"}"#;

struct Apple {
    app: TestApp,
    issuer: Issuer,
    key: String,
}

impl Apple {
    async fn start() -> Self {
        let (issuer, key) = (Issuer::start().await, ec_key());
        issuer.discloses(&json!({
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
            "response_modes_supported": ["query", "fragment", "form_post"],
        }));
        let app = TestApp::start_with(&[
            ("OAUTH_APPLE_ISSUER", &issuer.fake.url),
            ("OAUTH_APPLE_CLIENT_ID", "com.example.login"),
            ("OAUTH_APPLE_TEAM_ID", "TEAM123456"),
            ("OAUTH_APPLE_KEY_ID", "KEY1234567"),
            ("OAUTH_APPLE_PRIVATE_KEY", &key),
        ])
        .await;
        Self { app, issuer, key }
    }

    /// Signs in a user with these claims. Apple's page posts the response from its own site.
    async fn signs_in(&self, browser: &Browser, claims: &Value, user: Option<&str>) -> Response {
        let url = begin(browser, "/oauth/apple/start").await;
        assert_eq!(query(&url, "response_mode"), "form_post");
        assert_eq!(query(&url, "scope"), "openid name email");
        self.issuer.knows(&self.app, &url, claims);
        let state = query(&url, "state");
        let mut form = vec![("state", state.as_str()), ("code", CODE)];
        form.extend(user.map(|user| ("user", user)));
        let post = self.app.anonymous();
        let request = post
            .request(Method::POST, "/oauth/apple/callback")
            .form(&form);
        let request = request
            .header("origin", &self.issuer.fake.url)
            .header("sec-fetch-site", "cross-site");
        let again = post.send(request).await;
        assert_eq!(again.status, 303, "{}", again.body);
        browser.get(again.location()).await
    }
}

fn claims(verified: Value) -> Value {
    json!({ "sub": "001234.abcd.0123", "email": RELAY, "email_verified": verified,
            "is_private_email": "true", "nonce_supported": true })
}

#[tokio::test]
async fn a_relayed_address_that_is_verified_in_words_and_the_name_of_the_form_make_an_account() {
    for verified in [json!("true"), json!(true)] {
        let apple = Apple::start().await;
        let browser = apple.app.anonymous();
        let response = apple
            .signs_in(&browser, &claims(verified), Some(NAME))
            .await;
        assert_eq!(response.location(), "/account");
        let page = browser.get("/account").await.body;
        assert!(page.contains(RELAY) && page.contains("Ada Lovelace"));
        assert!(
            !page.contains("typed@example.test"),
            "the form proves nothing"
        );
        // Apple does not send the name again, and the account keeps it.
        let browser = apple.app.anonymous();
        apple
            .signs_in(&browser, &json!({ "sub": "001234.abcd.0123" }), None)
            .await;
        assert!(browser.get("/account").await.body.contains("Ada Lovelace"));
    }
}

#[tokio::test]
async fn an_address_that_is_not_verified_in_any_words_has_to_be_confirmed() {
    let apple = Apple::start().await;
    for verified in [json!("false"), json!(false), json!(null)] {
        let browser = apple.app.anonymous();
        let response = apple.signs_in(&browser, &claims(verified), None).await;
        assert_eq!(response.location(), "/finish-account");
        assert_no_one(&apple.app, &browser, "an unverified address").await;
    }
}

#[tokio::test]
async fn a_form_whose_user_field_cannot_be_used_still_signs_in() {
    let apple = Apple::start().await;
    let long = "x".repeat(2000);
    for user in [
        "",
        "null",
        "{\"name\":[]}",
        "{\"name\":{\"firstName\":7}}",
        "nonsense",
        &long,
    ] {
        let browser = apple.app.anonymous();
        let response = apple
            .signs_in(&browser, &claims(json!("true")), Some(user))
            .await;
        assert_eq!(response.location(), "/account", "{user:.20}");
    }
}

#[tokio::test]
async fn the_client_secret_is_signed_for_apple_alone_and_for_a_short_while() {
    let apple = Apple::start().await;
    let browser = apple.app.anonymous();
    apple.signs_in(&browser, &claims(json!("true")), None).await;
    let asked = apple.issuer.fake.asked("/token").remove(0);
    let secret = client_secret(&asked);

    let header = decode_header(&secret).unwrap();
    assert_eq!(
        (header.alg, header.kid.as_deref()),
        (Algorithm::ES256, Some("KEY1234567"))
    );
    let private = EncodingKey::from_ec_pem(apple.key.as_bytes()).unwrap();
    let public = Jwk::from_encoding_key(&private, Algorithm::ES256).unwrap();
    let mut validation = Validation::new(Algorithm::ES256);
    validation.set_audience(&["https://appleid.apple.com"]);
    validation.set_issuer(&["TEAM123456"]);
    validation.sub = Some("com.example.login".to_owned());
    let key = DecodingKey::from_jwk(&public).unwrap();
    let claims = decode::<Value>(&secret, &key, &validation).unwrap().claims;
    let lifetime = claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap();
    assert!(
        (1..=15_777_000).contains(&lifetime),
        "Apple takes six months at most"
    );
    assert!(lifetime <= 600, "{lifetime}");
}

/// The client secret, which Apple accepts only in the body.
fn client_secret(asked: &super::fake::Asked) -> String {
    assert!(!asked.headers.contains_key("authorization"));
    assert_eq!(asked.field("client_id"), "com.example.login");
    asked.field("client_secret")
}
