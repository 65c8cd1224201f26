//! Ferndesk: HS256 with a key that is created once.

use std::sync::Arc;

use jsonwebtoken::{EncodingKey, Header};
use serde_json::json;

use crate::Endpoint;

const SECRET: &str = "ferndesk-demo-secret-not-for-production";

pub const ENDPOINT: Endpoint = Endpoint {
    path: "/api/ferndesk-token",
    settings: |_, _| {
        vec![
            ("FERNDESK_JWT_SECRET", SECRET.to_owned()),
            ("FERNDESK_WIDGET_ID", "wg_demo".to_owned()),
        ]
    },
    signer: |_| {
        let key = EncodingKey::from_secret(SECRET.as_bytes()).unwrap();
        Arc::new(move |user, now| {
            let claims = json!({
                "userId": user.id,
                "sub": user.id,
                "email": user.email,
                "name": user.display_name,
                "exp": now.seconds() + 600,
            });
            jsonwebtoken::encode(&Header::default(), &claims, &key).unwrap()
        })
    },
};
