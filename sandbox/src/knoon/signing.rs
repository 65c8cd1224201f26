//! Signs and checks the widget's tokens with a key that lives as long as the process.

use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode};
use serde::{Deserialize, Serialize};

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

/// Why a token is no good, before its content is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TokenFault {
    /// It is not three canonical segments with our header and our claims.
    Malformed,
    /// It is well formed, and this process did not sign it.
    BadSignature,
}

/// Holds the key of this process.
pub(super) struct Signer {
    encoding: EncodingKey,
    decoding: DecodingKey,
}

impl Signer {
    pub(super) fn random() -> anyhow::Result<Self> {
        let mut key = [0; 32];
        getrandom::fill(&mut key)?;
        Ok(Self {
            encoding: EncodingKey::from_secret(&key),
            decoding: DecodingKey::from_secret(&key),
        })
    }

    pub(super) fn sign(&self, claims: &Claims) -> anyhow::Result<String> {
        Ok(encode(
            &Header::new(Algorithm::HS256),
            claims,
            &self.encoding,
        )?)
    }

    /// Checks form and signature. The caller checks `exp`, because the library only knows real time.
    pub(super) fn verify(&self, token: &str) -> Result<Claims, TokenFault> {
        let mut validation = Validation::new(Algorithm::HS256);
        validation.validate_exp = false;
        decode::<Claims>(token, &self.decoding, &validation)
            .map(|token| token.claims)
            .map_err(|error| match error.kind() {
                ErrorKind::InvalidSignature => TokenFault::BadSignature,
                _ => TokenFault::Malformed,
            })
    }
}
