//! What vendors that take our own signatures have in common: HMAC secrets and the tokens signed with them.

use std::fmt;

use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use secrecy::{ExposeSecret, SecretString};
use serde::{Serialize, de::DeserializeOwned};

use crate::config::{HttpConfig, Source};

/// RFC 7518, section 3.2: a key of the hash's size or larger.
const MIN_SECRET_LENGTH: usize = 32;

/// Words that only occur in secrets copied from an example.
const PLACEHOLDERS: [&str; 5] = ["demo", "change", "example", "placeholder", "your-"];

/// Signs JSON Web Tokens with HS256.
pub(super) struct Hs256 {
    encoding: EncodingKey,
    decoding: DecodingKey,
    header: Header,
}

impl Hs256 {
    /// With a key id, every header names the key, for vendors that know several.
    pub(super) fn new(secret: &SecretString, key_id: Option<&str>) -> Self {
        let secret = secret.expose_secret().as_bytes();
        let mut header = Header::new(Algorithm::HS256);
        header.kid = key_id.map(str::to_owned);
        Self {
            encoding: EncodingKey::from_secret(secret),
            decoding: DecodingKey::from_secret(secret),
            header,
        }
    }

    /// The signed token.
    ///
    /// # Errors
    /// If the claims cannot be written as JSON.
    pub(super) fn sign(&self, claims: &impl Serialize) -> anyhow::Result<String> {
        Ok(jsonwebtoken::encode(&self.header, claims, &self.encoding)?)
    }

    /// The claims of a token that this has signed; their times are not looked at.
    ///
    /// # Errors
    /// If the signature is another's or the claims are others.
    pub(super) fn read<C: DeserializeOwned + Clone>(&self, token: &str) -> anyhow::Result<C> {
        let mut validation = Validation::new(Algorithm::HS256);
        validation.required_spec_claims.clear();
        validation.validate_exp = false;
        validation.validate_aud = false;
        Ok(jsonwebtoken::decode(token, &self.decoding, &validation)?.claims)
    }
}

impl fmt::Debug for Hs256 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Hs256(…)")
    }
}

/// A secret for HS256 from a variable; one that cannot protect anything is a problem.
pub(super) fn hmac_secret(source: &Source, name: &str, http: &HttpConfig) -> Option<SecretString> {
    let secret = source.secret(name)?;
    let text = secret.expose_secret();
    if text.trim() != text || text.len() < MIN_SECRET_LENGTH {
        source.problem(
            name,
            "must be the secret that the other side knows, of 32 characters at least and without spaces around it",
        );
    }
    refuse_placeholder(source, name, &secret, http);
    source.signs_with(name, &secret);
    Some(secret)
}

/// In production, a secret that looks like an example's is a problem.
pub(super) fn refuse_placeholder(
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
