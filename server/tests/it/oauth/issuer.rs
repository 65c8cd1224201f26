//! An OpenID Connect issuer whose claims the test chooses, for cases that the sandbox's provider does not
//! cover.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, EncodingKey, crypto, jwk::Jwk};
use p256::{
    SecretKey,
    elliptic_curve::Generate,
    pkcs8::{EncodePrivateKey, LineEnding},
};
use serde_json::{Value, json};
use url::Url;

use super::{fake::Fake, query};
use crate::harness::{Browser, Response, TestApp};

/// The issuer's only client.
pub const CLIENT_ID: &str = "our-client";
pub const CLIENT_SECRET: &str = "what-the-console-shows-once";

/// The code that the issuer issues.
pub const CODE: &str = "a-code-of-the-issuer";
pub const ACCESS_TOKEN: &str = "an-access-token-of-the-issuer";

/// A listening issuer.
pub struct Issuer {
    pub fake: Fake,
    key: EncodingKey,
    /// Its key set.
    pub keys: Value,
}

impl Issuer {
    pub async fn start() -> Self {
        let fake = Fake::start().await;
        let key = EncodingKey::from_ec_pem(ec_key().as_bytes()).unwrap();
        let mut public = Jwk::from_encoding_key(&key, Algorithm::ES256).unwrap();
        public.common.key_id = Some("one".to_owned());
        let keys = json!({ "keys": [public] });
        fake.response("/jwks", 200, &keys);
        let issuer = Self { fake, key, keys };
        issuer.discloses(&json!({}));
        issuer
    }

    /// Settings that make it the provider `sso`.
    pub fn as_sso(&self) -> [(&'static str, &str); 3] {
        [
            ("OAUTH_SSO_ISSUER", &self.fake.url),
            ("OAUTH_SSO_CLIENT_ID", CLIENT_ID),
            ("OAUTH_SSO_CLIENT_SECRET", CLIENT_SECRET),
        ]
    }

    /// Settings that make it the provider `google`.
    pub fn as_google(&self) -> [(&'static str, &str); 3] {
        [
            ("OAUTH_GOOGLE_ISSUER", &self.fake.url),
            ("OAUTH_GOOGLE_CLIENT_ID", CLIENT_ID),
            ("OAUTH_GOOGLE_CLIENT_SECRET", CLIENT_SECRET),
        ]
    }

    /// Settings that make it the provider `gitlab`.
    pub fn as_gitlab(&self) -> [(&'static str, &str); 3] {
        [
            ("OAUTH_GITLAB_ISSUER", &self.fake.url),
            ("OAUTH_GITLAB_CLIENT_ID", CLIENT_ID),
            ("OAUTH_GITLAB_CLIENT_SECRET", CLIENT_SECRET),
        ]
    }

    /// Publishes its usual discovery document with `changes`.
    pub fn discloses(&self, changes: &Value) {
        let document = self.document(changes);
        self.fake
            .response("/.well-known/openid-configuration", 200, &document);
    }

    /// Its usual discovery document with `changes`.
    pub fn document(&self, changes: &Value) -> Value {
        let url = &self.fake.url;
        let mut document = json!({
            "issuer": url,
            "authorization_endpoint": format!("{url}/authorize"),
            "token_endpoint": format!("{url}/token"),
            "jwks_uri": format!("{url}/jwks"),
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["ES256"],
        });
        merge(&mut document, changes);
        document
    }

    /// Claims of an ID token for the sign-in that started with `url`.
    pub fn claims(&self, app: &TestApp, url: &Url, changes: &Value) -> Value {
        let now = app.clock.now().0 / 1000;
        let mut all = json!({
            "iss": self.fake.url,
            "aud": query(url, "client_id"),
            "iat": now,
            "exp": now + 300,
            "nonce": query(url, "nonce"),
        });
        merge(&mut all, changes);
        all
    }

    /// Signs claims with its key.
    pub fn sign(&self, claims: &Value) -> String {
        self.sign_text(&claims.to_string())
    }

    /// The same with claims that are text.
    pub fn sign_text(&self, claims: &str) -> String {
        let header = json!({ "alg": "ES256", "kid": "one", "typ": "JWT" }).to_string();
        let [header, claims] = [header.as_str(), claims].map(|part| URL_SAFE_NO_PAD.encode(part));
        let signed = format!("{header}.{claims}");
        let signature = crypto::sign(signed.as_bytes(), &self.key, Algorithm::ES256).unwrap();
        format!("{signed}.{signature}")
    }

    /// Lets the code be redeemed for this ID token; `changes` are those of the usual response.
    pub fn issues(&self, id_token: &str, changes: &Value) {
        let mut tokens = json!({
            "access_token": ACCESS_TOKEN,
            "token_type": "Bearer",
            "id_token": id_token,
        });
        merge(&mut tokens, changes);
        self.fake.response("/token", 200, &tokens);
    }

    /// Lets the code of the sign-in that started with `url` be redeemed for a user with these claims.
    pub fn knows(&self, app: &TestApp, url: &Url, claims: &Value) {
        self.issues(&self.sign(&self.claims(app, url, claims)), &json!({}));
    }

    /// Completes a sign-in of a user with these claims.
    pub async fn signs_in(
        &self,
        app: &TestApp,
        browser: &Browser,
        provider: &str,
        claims: &Value,
    ) -> Response {
        self.signs_in_with(app, browser, (provider, ""), claims)
            .await
    }

    /// The same in a flow with these parameters.
    pub async fn signs_in_with(
        &self,
        app: &TestApp,
        browser: &Browser,
        (provider, flow): (&str, &str),
        claims: &Value,
    ) -> Response {
        let url = super::begin(browser, &format!("/oauth/{provider}/start?{flow}")).await;
        self.knows(app, &url, claims);
        browser.get(&back(&url, provider)).await
    }
}

/// The URL of the response to the sign-in that started with `url`.
pub fn back(url: &Url, provider: &str) -> String {
    let state = query(url, "state");
    format!("/oauth/{provider}/callback?code={CODE}&state={state}")
}

/// A private key in the format of Apple's console, with which this issuer signs, too.
pub fn ec_key() -> String {
    let key = SecretKey::generate();
    key.to_pkcs8_pem(LineEnding::LF).unwrap().to_string()
}

/// Sets the members of `changes`; null removes a member.
fn merge(target: &mut Value, changes: &Value) {
    let target = target.as_object_mut().unwrap();
    for (name, value) in changes.as_object().unwrap() {
        match value {
            Value::Null => drop(target.remove(name)),
            value => drop(target.insert(name.clone(), value.clone())),
        }
    }
}
