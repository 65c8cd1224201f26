//! Keys and the tokens signed with them, and the settings with secrets that are shared with vendors and logins.

mod rsa_key;
mod signer;

use std::fmt;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, Header, Validation};
use secrecy::{ExposeSecret, SecretString};
use serde::{Serialize, de::DeserializeOwned};

pub(crate) use self::signer::{Signer, UnusableKey};
use crate::config::{HttpConfig, Source};

/// In bytes. RFC 7518, section 3.2, requires a key of at least the size of the hash.
const MIN_SECRET_LENGTH: usize = 32;

/// Words that show that a secret was copied from an example.
const PLACEHOLDERS: [&str; 5] = ["demo", "change", "example", "placeholder", "your-"];

/// Signs JSON Web Tokens with HS256.
pub(crate) struct Hs256 {
    signer: Signer,
    /// In base64url.
    header: String,
}

impl Hs256 {
    /// A signer for `secret`. `key_id` becomes the header `kid`, for vendors with several keys.
    ///
    /// # Errors
    /// If the secret is empty.
    pub(crate) fn new(secret: &SecretString, key_id: Option<&str>) -> anyhow::Result<Self> {
        let mut header = Header::new(Algorithm::HS256);
        header.kid = key_id.map(str::to_owned);
        Ok(Self {
            signer: Signer::from_secret(Algorithm::HS256, secret.expose_secret().as_bytes())?,
            header: URL_SAFE_NO_PAD.encode(serde_json::to_vec(&header)?),
        })
    }

    /// Signs a token with these claims.
    ///
    /// # Errors
    /// If the claims cannot be serialized as JSON.
    pub(crate) fn sign(&self, claims: &impl Serialize) -> anyhow::Result<String> {
        self.signer.token(&self.header, claims)
    }

    /// Reads a token signed with the same secret, for self-tests. Does not check times.
    ///
    /// # Errors
    /// If the signature is not valid or the claims cannot be deserialized.
    pub(crate) fn read<C: DeserializeOwned + Clone>(&self, token: &str) -> anyhow::Result<C> {
        let mut validation = Validation::new(Algorithm::HS256);
        validation.required_spec_claims.clear();
        validation.validate_exp = false;
        validation.validate_aud = false;
        Ok(jsonwebtoken::decode(token, self.signer.public(), &validation)?.claims)
    }
}

impl fmt::Debug for Hs256 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Hs256(…)")
    }
}

/// Reads a secret for HS256 from a setting. Reports a problem if it is too short, is padded with spaces,
/// looks like a placeholder in production, or already signs something else.
pub(crate) fn hmac_secret(source: &Source, name: &str, http: &HttpConfig) -> Option<SecretString> {
    let secret = source.secret(name)?;
    let text = secret.expose_secret();
    if text.trim() != text || text.len() < MIN_SECRET_LENGTH {
        source.problem(
            name,
            "must be the secret shared with the other side: at least 32 characters, without spaces around it",
        );
    }
    reject_placeholder(source, name, &secret, http);
    source.register_signing_secret(name, &secret);
    Some(secret)
}

/// In production, reports a problem if a secret looks like a placeholder.
pub(crate) fn reject_placeholder(
    source: &Source,
    name: &str,
    secret: &SecretString,
    http: &HttpConfig,
) {
    let text = secret.expose_secret().to_ascii_lowercase();
    if http.is_production() && PLACEHOLDERS.iter().any(|word| text.contains(word)) {
        source.problem(
            name,
            "must be a secret of your own, not a placeholder, in production",
        );
    }
}
