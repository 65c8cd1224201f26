//! The server JWT, with which the project's own server authenticates in `X-SERVER-AUTHORIZATION`.

use axum::http::HeaderMap;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde::{Deserialize, Serialize};

use super::state::Xsolla;
use crate::jwt::Token;

/// The lifetime of a server JWT.
pub(super) const LIFETIME_SECONDS: u64 = 3600;

/// The claims, which name a client and no user.
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
    let key = EncodingKey::from_secret(xsolla.server_key().reveal().as_bytes())?;
    Ok(encode(&Header::new(Algorithm::HS256), &claims, &key)?)
}

/// Whether a request comes from the project's own server.
pub(super) fn is_in(xsolla: &Xsolla, headers: &HeaderMap) -> bool {
    let token = headers
        .get("x-server-authorization")
        .and_then(|token| token.to_str().ok());
    let claims = token
        .and_then(|token| Token::read(token, Algorithm::HS256).ok())
        .and_then(|token| token.verify(&xsolla.server_key().hmac_key().ok()?).ok())
        .and_then(|claims| serde_json::from_value::<Claims>(claims.into()).ok());
    claims.is_some_and(|claims| xsolla.now() < claims.exp)
}
