//! Signs and checks the widget's tokens with a key that lives as long as the process.

use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde::{Deserialize, Serialize};

use crate::jwt::{Fault, Token};
use crate::random::random;
use crate::secret::Secret;

/// What a token says; times are seconds since the Unix epoch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Claims {
    /// The host's stable id of the user.
    pub(super) sub: String,
    pub(super) email: String,
    pub(super) name: String,
    pub(super) picture: Option<String>,
    /// The only chat box that takes this token.
    pub(super) chat_box_id: String,
    pub(super) iat: u64,
    pub(super) exp: u64,
}

/// Holds the key of this process.
pub(super) struct Signer(Secret);

impl Signer {
    pub(super) fn random() -> anyhow::Result<Self> {
        Ok(Self(random()?.as_str().into()))
    }

    pub(super) fn sign(&self, claims: &Claims) -> anyhow::Result<String> {
        let key = EncodingKey::from_secret(self.0.reveal().as_bytes());
        Ok(encode(&Header::new(Algorithm::HS256), claims, &key)?)
    }

    /// Checks form and signature. What the claims mean is the caller's to check.
    pub(super) fn verify(&self, token: &str) -> Result<Claims, Fault> {
        let claims = Token::read(token, Algorithm::HS256)?.verify(&self.0.hmac_key())?;
        serde_json::from_value(claims.into()).map_err(|_| Fault::Malformed)
    }
}
