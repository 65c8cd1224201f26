//! Zendesk Chat: HS256, for a user who has a session here.

use std::sync::Arc;

use jsonwebtoken::{EncodingKey, Header};
use serde_json::json;

use crate::Endpoint;

const SECRET: &str = "zendesk-chat-demo-secret-not-for-production";

pub const ENDPOINT: Endpoint = Endpoint {
    path: "/generate/token",
    settings: |_, _| vec![("ZENDESK_CHAT_SECRET", SECRET.to_owned())],
    signer: |_| {
        let key = EncodingKey::from_secret(SECRET.as_bytes()).unwrap();
        Arc::new(move |user, now| {
            let claims = json!({
                "name": user.display_name,
                "email": user.email,
                "external_id": user.id,
                "iat": now.seconds(),
                "exp": now.seconds() + 300,
            });
            let token = jsonwebtoken::encode(&Header::default(), &claims, &key).unwrap();
            json!({ "token": token }).to_string()
        })
    },
};
