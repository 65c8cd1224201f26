//! Helpers that act as a host, a widget and a host's server.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::crypto::sign;
use jsonwebtoken::{Algorithm, EncodingKey};
use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{NOW, Reply, Sandbox};

pub(crate) const ACCOUNT_KEY: &str = "zendesk-demo-account-key";
pub(crate) const CHAT_SECRET: &str = "zendesk-chat-demo-secret-not-for-production";
pub(crate) const API_TOKEN: &str = "zendesk-demo-api-token-not-for-production";
pub(crate) const MESSAGING_SECRET: &str = "zendesk-messaging-demo-secret-not-for-production";
pub(crate) const DANA: &str = "0123456789abcdef0123456789abcdef";

/// Signs this header and these claims, both as they are.
pub(crate) fn token(header: &str, claims: &str, secret: &str, algorithm: Algorithm) -> String {
    let encode = |text: &str| URL_SAFE_NO_PAD.encode(text);
    let message = format!("{}.{}", encode(header), encode(claims));
    let key = EncodingKey::from_secret(secret.as_bytes()).unwrap();
    let signature = sign(message.as_bytes(), &key, algorithm).unwrap();
    format!("{message}.{signature}")
}

/// Valid Chat claims.
pub(crate) fn dana() -> Value {
    json!({
        "name": "Dana Demo",
        "email": "demo@latchkey.localhost",
        "external_id": DANA,
        "iat": NOW,
        "exp": NOW + 300,
    })
}

/// The valid claims with one changed.
pub(crate) fn dana_with(claim: &str, value: Value) -> Value {
    let mut claims = dana();
    claims[claim] = value;
    claims
}

/// The valid claims with one removed.
pub(crate) fn dana_without(claim: &str) -> Value {
    let mut claims = dana();
    claims.as_object_mut().unwrap().remove(claim);
    claims
}

pub(crate) fn chat_token(claims: &Value) -> String {
    let header = r#"{"typ":"JWT","alg":"HS256"}"#;
    token(header, &claims.to_string(), CHAT_SECRET, Algorithm::HS256)
}

/// Valid Messaging claims.
pub(crate) fn messaging_dana() -> Value {
    json!({
        "scope": "user",
        "external_id": DANA,
        "name": "Dana Demo",
        "email": "demo@latchkey.localhost",
        "email_verified": true,
        "exp": NOW + 300,
    })
}

pub(crate) fn messaging_token(claims: &Value) -> String {
    let header = r#"{"typ":"JWT","alg":"HS256","kid":"app_demo"}"#;
    token(
        header,
        &claims.to_string(),
        MESSAGING_SECRET,
        Algorithm::HS256,
    )
}

impl Sandbox {
    /// Posts a form to Chat's token exchange.
    pub(crate) async fn chat_form(&self, fields: &[(&str, &str)]) -> Reply {
        let path = "/zendesk/authenticated/web/jwt";
        Reply::of(self.request(Method::POST, path).form(fields)).await
    }

    /// Exchanges a Chat token as the Web SDK does.
    pub(crate) async fn trade(&self, token: &str) -> Reply {
        let fields = [
            ("account_key", ACCOUNT_KEY),
            ("token", token),
            ("format", "json"),
        ];
        self.chat_form(&fields).await
    }

    /// Exchanges a Chat token with the `state` of an earlier response.
    pub(crate) async fn renew(&self, token: &str, state: &str) -> Reply {
        let fields = [
            ("account_key", ACCOUNT_KEY),
            ("token", token),
            ("format", "json"),
            ("state", state),
        ];
        self.chat_form(&fields).await
    }

    /// Dana's visitor id, after her first login.
    pub(crate) async fn dana_id(&self) -> String {
        assert_eq!(self.trade(&chat_token(&dana())).await.status, 200);
        self.running.zendesk().visitors()[0].id.clone()
    }

    /// Calls the Visitors API with the right token.
    pub(crate) async fn api(&self, method: Method, path: &str, body: Option<&Value>) -> Reply {
        let path = format!("/zendesk/api/v2/{path}");
        let mut request = self.request(method, &path).bearer_auth(API_TOKEN);
        if let Some(body) = body {
            request = request.json(body);
        }
        Reply::of(request).await
    }

    /// Logs in to Messaging.
    pub(crate) async fn messaging(&self, token: &str) -> Reply {
        let request = self.request(Method::POST, "/zendesk/messaging/login");
        Reply::of(request.json(&json!({ "jwt": token }))).await
    }

    /// The recorded outcome of the last call.
    pub(crate) fn last_outcome(&self) -> &'static str {
        let exchanges = self.running.zendesk().exchanges();
        exchanges.last().unwrap().outcome
    }
}
