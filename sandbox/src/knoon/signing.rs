//! Signs and verifies the widget's tokens with a random key, made at each start.

use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde::{Deserialize, Serialize};

use crate::jwt::{Fault, Token};
use crate::random::random;
use crate::secret::Secret;

/// The claims of a token; times are in seconds since the Unix epoch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Claims {
    /// The host's stable id of the user.
    pub(super) sub: String,
    pub(super) email: String,
    pub(super) name: String,
    pub(super) picture: Option<String>,
    /// The only chat box that accepts this token.
    pub(super) chat_box_id: String,
    pub(super) iat: u64,
    pub(super) exp: u64,
}

/// The signing key.
pub(super) struct Signer(Secret);

impl Signer {
    pub(super) fn random() -> anyhow::Result<Self> {
        Ok(Self(random()?.as_str().into()))
    }

    pub(super) fn sign(&self, claims: &Claims) -> anyhow::Result<String> {
        let key = EncodingKey::from_secret(self.0.reveal().as_bytes())?;
        Ok(encode(&Header::new(Algorithm::HS256), claims, &key)?)
    }

    /// Verifies format and signature. The caller checks the claims.
    pub(super) fn verify(&self, token: &str) -> Result<Claims, Fault> {
        let claims = Token::read(token, Algorithm::HS256)?.verify(&self.0.hmac_key()?)?;
        serde_json::from_value(claims.into()).map_err(|_| Fault::Malformed)
    }
}
