//! Helpers to send requests to Knoon.

use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use crate::harness::{Reply, Sandbox};

pub(super) const KEY: &str = "knoon-demo-key-not-for-production";

impl Sandbox {
    pub(super) fn login(&self) -> RequestBuilder {
        self.request(Method::POST, "/knoon/v1/credentials/login")
    }

    /// Requests a credential as the configured organization.
    pub(super) async fn credentials(&self, body: &Value) -> Reply {
        Reply::of(self.login().basic_auth("org_demo", Some(KEY)).json(body)).await
    }

    /// A fresh token for the chat box `cb_demo`.
    pub(super) async fn token(&self) -> String {
        let reply = self.credentials(&dana()).await;
        reply.json()["data"]["jwt"].as_str().unwrap().to_owned()
    }

    pub(super) async fn session(&self, chat_box_id: &str, token: &str) -> Reply {
        let path = format!("/knoon/v1/session?chatBoxId={chat_box_id}");
        Reply::of(self.request(Method::GET, &path).bearer_auth(token)).await
    }

    pub(super) async fn control(&self, change: &Value) -> Reply {
        Reply::of(self.request(Method::POST, "/knoon/control").json(change)).await
    }
}

/// A valid request.
pub(super) fn dana() -> Value {
    json!({
        "email": "demo@latchkey.localhost",
        "externalId": "0123456789abcdef0123456789abcdef",
        "photoURL": null,
        "displayName": "Dana Demo",
        "chatBoxId": "cb_demo",
    })
}

/// The valid request with one field changed.
pub(super) fn dana_with(field: &str, value: Value) -> Value {
    let mut body = dana();
    body[field] = value;
    body
}
