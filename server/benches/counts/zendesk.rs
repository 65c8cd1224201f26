//! Zendesk Chat: a token of the site's own login is verified, and another one is signed.

use std::sync::LazyLock;

use jsonwebtoken::{EncodingKey, Header};
use serde_json::json;

use crate::{Way, stage::NOW};

const SECRET: &str = "only-for-counting-the-instructions-of-a-token";
const ISSUER: &str = "https://login.example.com";

/// That of a user who is signed in at the site's own login.
static COOKIE: LazyLock<String> = LazyLock::new(|| {
    let claims = json!({
        "iss": ISSUER,
        "sub": "4815162342",
        "email": "vera@people.example",
        "email_verified": true,
        "name": "Vera Verified",
        "iat": NOW.seconds(),
        "exp": NOW.seconds() + 3600,
    });
    let key = EncodingKey::from_secret(SECRET.as_bytes()).unwrap();
    let token = jsonwebtoken::encode(&Header::default(), &claims, &key);
    format!("token={}", token.unwrap())
});

pub const WAY: Way = Way {
    name: "zendesk",
    settings: &[
        (
            "ZENDESK_CHAT_SECRET",
            "zendesk-chat-demo-secret-not-for-production",
        ),
        ("LATCHKEY_TOKEN_SECRET", SECRET),
        ("LATCHKEY_TOKEN_ISSUER", ISSUER),
    ],
    run: |stage| stage.respond(stage.with_cookie("/generate/token", &COOKIE)),
    instructions: 122_139,
};
