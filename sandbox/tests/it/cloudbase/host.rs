//! A correct host with the current key file, and a correct page. Tests alter their tickets and requests.
//! Shares nothing with the code that reads tickets.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, EncodingKey, crypto};
use reqwest::{Method, RequestBuilder};
use sandbox::cloudbase::{Outcome, PemForm};
use serde_json::{Value, json};

use crate::harness::{NOW, Reply, Sandbox};

pub(super) const ENV: &str = "latchkey-demo-1a2b3c";
pub(super) const UID: &str = "0123456789abcdef0123456789abcdef";
pub(super) const NOW_MS: u64 = NOW * 1000;
pub(super) const MINUTE_MS: u64 = 60 * 1000;
pub(super) const DAY_MS: u64 = 24 * 60 * MINUTE_MS;

/// The downloaded key file.
pub(super) struct KeyFile {
    pub(super) id: String,
    pub(super) pem: String,
}

impl KeyFile {
    pub(super) fn parse(text: &str) -> Self {
        let file: Value = serde_json::from_str(text).unwrap();
        assert_eq!(file["env_id"], ENV);
        Self {
            id: file["private_key_id"].as_str().unwrap().to_owned(),
            pem: file["private_key"].as_str().unwrap().to_owned(),
        }
    }

    /// A ticket with exactly this header and these claims.
    pub(super) fn ticket(&self, header: &Value, claims: &Value) -> String {
        self.sealed(&encode(header), &encode(claims))
    }

    /// Signs the two segments as they are.
    pub(super) fn sealed(&self, header: &str, claims: &str) -> String {
        let key = EncodingKey::from_rsa_pem(self.pem.as_bytes()).unwrap();
        let message = format!("{header}.{claims}");
        let signature = crypto::sign(message.as_bytes(), &key, Algorithm::RS256).unwrap();
        format!("{}/@@/{message}.{signature}", self.id)
    }
}

pub(super) fn encode(json: &Value) -> String {
    URL_SAFE_NO_PAD.encode(json.to_string())
}

pub(super) fn header() -> Value {
    json!({ "alg": "RS256", "typ": "JWT" })
}

/// Valid claims, issued at the time of the frozen clock.
pub(super) fn claims() -> Value {
    json!({
        "alg": "RS256",
        "env": ENV,
        "iat": NOW_MS,
        "exp": NOW_MS + 10 * MINUTE_MS,
        "uid": UID,
        "refresh": 60 * MINUTE_MS,
        "expire": NOW_MS + 7 * DAY_MS,
    })
}

/// The valid claims with one changed.
pub(super) fn claims_with(name: &str, value: Value) -> Value {
    let mut claims = claims();
    claims[name] = value;
    claims
}

impl Sandbox {
    pub(super) fn key_file(&self) -> KeyFile {
        KeyFile::parse(&self.running.cloudbase().key_file(PemForm::Pkcs1).unwrap())
    }

    /// An otherwise valid ticket with these claims.
    pub(super) fn ticket(&self, claims: &Value) -> String {
        self.key_file().ticket(&header(), claims)
    }

    pub(super) fn gateway(&self, endpoint: &str) -> RequestBuilder {
        self.request(
            Method::POST,
            &format!("/auth/v1/{endpoint}?client_id={ENV}"),
        )
    }

    /// Signs in as the browser SDK does.
    pub(super) async fn sign_in(&self, ticket: &str) -> Reply {
        let body = json!({ "provider_id": "custom", "ticket": ticket });
        let request = self.gateway("signin/custom").body(body.to_string());
        Reply::of(request.header("content-type", "text/plain;charset=UTF-8")).await
    }

    /// The response to a valid ticket.
    pub(super) async fn signed_in(&self) -> Value {
        let reply = self.sign_in(&self.ticket(&claims())).await;
        assert_eq!(reply.status, 200, "{}", reply.body);
        reply.json()
    }

    pub(super) async fn me(&self, tokens: &Value) -> Reply {
        let request = self.request(Method::GET, "/auth/v1/user/me");
        Reply::of(request.bearer_auth(tokens["access_token"].as_str().unwrap())).await
    }

    pub(super) async fn refresh(&self, tokens: &Value) -> Reply {
        let body = json!({
            "client_id": ENV,
            "client_secret": "",
            "grant_type": "refresh_token",
            "refresh_token": tokens["refresh_token"],
        });
        Reply::of(self.gateway("token").body(body.to_string())).await
    }

    pub(super) async fn revoke(&self, token: &Value) -> Reply {
        let body = json!({ "token": token });
        Reply::of(self.gateway("revoke").body(body.to_string())).await
    }

    /// The outcome of the latest call.
    pub(super) fn outcome(&self) -> Outcome {
        self.running.cloudbase().exchanges().pop().unwrap().outcome
    }

    /// Signs in and expects this outcome, and a response that the SDK recognizes as an error.
    pub(super) async fn refused(&self, ticket: &str, outcome: Outcome) {
        let reply = self.sign_in(ticket).await;
        assert_eq!(self.outcome(), outcome);
        assert_is_refusal(&reply);
        assert!(self.running.cloudbase().users().is_empty());
    }
}

/// Expects the error envelope that the SDK looks for, without the codes that start a captcha.
pub(super) fn assert_is_refusal(reply: &Reply) {
    let body = reply.json();
    assert!(reply.status >= 400, "{body}");
    let error = body["error"].as_str().unwrap();
    assert!(!error.is_empty() && !error.contains("captcha"), "{body}");
    assert!(body["error_code"].as_u64().is_some_and(|code| code != 4001));
    assert!(!body["error_description"].as_str().unwrap().is_empty());
    assert_eq!(reply.header("cache-control"), "no-store");
}
