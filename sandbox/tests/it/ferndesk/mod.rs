//! Ferndesk: identify calls, switches, the widget's files, the help center.

mod call;
mod contract;
mod control;
mod domain;
mod failures;
mod golden;
mod help_center;
mod records;
mod token;
mod widget;

use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use crate::harness::{NOW, Reply, Sandbox};

const SECRET: &str = "ferndesk-demo-secret-not-for-production";
const SITE: &str = "http://www.latchkey.localhost:3000";

/// Claims that are valid in both generations of the contract.
fn dana() -> Value {
    json!({
        "userId": "0123456789abcdef0123456789abcdef",
        "sub": "0123456789abcdef0123456789abcdef",
        "email": "demo@latchkey.localhost",
        "name": "Dana Demo",
        "customAttributes": { "photo_url": "http://localhost:3001/people/dana.svg" },
        "exp": NOW + 3600,
    })
}

/// The valid claims with one changed, or removed if `value` is null.
fn dana_with(claim: &str, value: Value) -> Value {
    let mut claims = dana();
    match value {
        Value::Null => claims.as_object_mut().unwrap().remove(claim),
        value => claims
            .as_object_mut()
            .unwrap()
            .insert(claim.to_owned(), value),
    };
    claims
}

fn signed(claims: &Value) -> String {
    signed_with(SECRET.as_bytes(), Algorithm::HS256, claims)
}

fn signed_with(secret: &[u8], algorithm: Algorithm, claims: &Value) -> String {
    let key = EncodingKey::from_secret(secret).unwrap();
    encode(&Header::new(algorithm), claims, &key).unwrap()
}

impl Sandbox {
    /// What the widget sends from a page of the customer's site.
    fn identify(&self, call: &Value) -> RequestBuilder {
        self.request(Method::POST, "/ferndesk/api/identify")
            .header("origin", SITE)
            .json(call)
    }

    /// Identifies by a token in the parameter of the vendor's first contract.
    async fn identified_by(&self, token: &str) -> Reply {
        let call = json!({ "widgetId": "wg_demo", "token": token });
        Reply::of(self.identify(&call)).await
    }

    async fn change_ferndesk(&self, change: &Value) -> Reply {
        Reply::of(self.request(Method::POST, "/ferndesk/control").json(change)).await
    }
}

fn invalid_token() -> (u16, String) {
    (401, "invalid token".to_owned())
}

fn requires_a_token() -> (u16, String) {
    (400, "identify requires a token".to_owned())
}

fn wrong_domain() -> (u16, String) {
    let text = "must be called from same domain or 1-level subdomain";
    (403, text.to_owned())
}
