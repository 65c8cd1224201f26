//! The server JWT: what the project's own server proves itself with in `X-SERVER-AUTHORIZATION`.

use axum::http::HeaderMap;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode};
use serde::{Deserialize, Serialize};

use super::Xsolla;

/// How long a server JWT lives.
pub(super) const LIFETIME_SECONDS: u64 = 3600;

/// It names a client and no user.
#[derive(Serialize, Deserialize)]
struct Claims {
    xsolla_login_client_id: String,
    xsolla_login_project_id: String,
    iat: u64,
    exp: u64,
}

pub(super) fn issue(xsolla: &Xsolla) -> anyhow::Result<String> {
    let claims = Claims {
        xsolla_login_client_id: xsolla.client_id().to_owned(),
        xsolla_login_project_id: xsolla.project_id().to_owned(),
        iat: xsolla.now(),
        exp: xsolla.now() + LIFETIME_SECONDS,
    };
    let key = EncodingKey::from_secret(xsolla.server_key());
    Ok(encode(&Header::new(Algorithm::HS256), &claims, &key)?)
}

/// Whether a request comes from the project's own server.
pub(super) fn is_in(xsolla: &Xsolla, headers: &HeaderMap) -> bool {
    let mut validation = Validation::new(Algorithm::HS256);
    // The library knows only real time, and the sandbox's can be held still.
    validation.validate_exp = false;
    let key = DecodingKey::from_secret(xsolla.server_key());
    headers
        .get("x-server-authorization")
        .and_then(|token| decode::<Claims>(token.as_bytes(), &key, &validation).ok())
        .is_some_and(|token| xsolla.now() < token.claims.exp)
}
