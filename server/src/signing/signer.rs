//! The one way in which tokens are made: a header, claims and a signature in base64url, joined by dots
//! (RFC 7515, section 7.1), with a key that is parsed once.

use std::fmt;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, crypto, jwk::Jwk};
use ring::hmac;
use serde::Serialize;

use super::rsa_key::RsaKey;

/// A key and the algorithm with which it signs.
pub(crate) struct Signer {
    algorithm: Algorithm,
    key: Key,
}

enum Key {
    Hmac(hmac::Key, DecodingKey),
    Rsa(RsaKey),
    /// An elliptic curve's key, parsed by the JWT library on every call.
    Elliptic(EncodingKey, DecodingKey),
}

/// The string is not a usable private key. The message never contains any of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be {0}")]
pub(crate) struct UnusableKey(pub(super) &'static str);

impl Signer {
    /// A signer with a shared secret, for HS256, HS384 and HS512.
    ///
    /// # Errors
    /// If the secret is empty.
    pub(crate) fn from_secret(algorithm: Algorithm, secret: &[u8]) -> anyhow::Result<Self> {
        let hash = match algorithm {
            Algorithm::HS384 => hmac::HMAC_SHA384,
            Algorithm::HS512 => hmac::HMAC_SHA512,
            _ => hmac::HMAC_SHA256,
        };
        let decoding = DecodingKey::from_secret(secret)?;
        let key = Key::Hmac(hmac::Key::new(hash, secret), decoding);
        Ok(Self { algorithm, key })
    }

    /// A signer with a private key in PEM form, for RS256 to RS512, ES256, ES384 and EdDSA.
    ///
    /// # Errors
    /// [`UnusableKey`] if it cannot be parsed, is of another kind than the algorithm, or is encrypted.
    pub(crate) fn from_pem(algorithm: Algorithm, pem: &str) -> Result<Self, UnusableKey> {
        let (parsed, unusable) = match algorithm {
            Algorithm::ES256 => (
                EncodingKey::from_ec_pem(pem.as_bytes()),
                UnusableKey("a key on the curve P-256 in PEM form, PKCS#8, without a passphrase"),
            ),
            Algorithm::ES384 => (
                EncodingKey::from_ec_pem(pem.as_bytes()),
                UnusableKey("a key on the curve P-384 in PEM form, PKCS#8, without a passphrase"),
            ),
            Algorithm::EdDSA => (
                EncodingKey::from_ed_pem(pem.as_bytes()),
                UnusableKey("an Ed25519 key in PEM form, PKCS#8, without a passphrase"),
            ),
            _ => {
                let key = Key::Rsa(RsaKey::from_pem(pem)?);
                return Ok(Self { algorithm, key });
            }
        };
        let public = |key: &EncodingKey| {
            let jwk = Jwk::from_encoding_key(key, algorithm).ok()?;
            DecodingKey::from_jwk(&jwk).ok()
        };
        let private = parsed.map_err(|_| unusable)?;
        let public = public(&private).ok_or(unusable)?;
        let signer = Self {
            algorithm,
            key: Key::Elliptic(private, public),
        };
        // A key on another curve is found by signing.
        signer.self_test().map_err(|_| unusable)?;
        Ok(signer)
    }

    /// A token with this header, which is in base64url already, and these claims.
    ///
    /// # Errors
    /// If the claims cannot be serialized, or the library cannot sign with the key.
    pub(crate) fn token(&self, header: &str, claims: &impl Serialize) -> anyhow::Result<String> {
        let claims = URL_SAFE_NO_PAD.encode(serde_json::to_vec(claims)?);
        let mut token = format!("{header}.{claims}");
        let signature = self.sign(token.as_bytes())?;
        token.push('.');
        token.push_str(&signature);
        Ok(token)
    }

    /// Whether the signature of a token is valid.
    pub(crate) fn verifies(&self, token: &str) -> bool {
        let (message, signature) = token.rsplit_once('.').unwrap_or_default();
        crypto::verify(signature, message.as_bytes(), self.public(), self.algorithm)
            .unwrap_or(false)
    }

    /// Signs a token and verifies it.
    ///
    /// # Errors
    /// If it is not valid.
    pub(crate) fn self_test(&self) -> anyhow::Result<()> {
        anyhow::ensure!(
            self.verifies(&self.token("e30", &())?),
            "the signature of the self-test token is wrong"
        );
        Ok(())
    }

    /// The key with which signatures are verified: the public one, or the secret.
    pub(crate) fn public(&self) -> &DecodingKey {
        match &self.key {
            Key::Hmac(_, key) | Key::Elliptic(_, key) => key,
            Key::Rsa(key) => key.public(),
        }
    }

    fn sign(&self, message: &[u8]) -> anyhow::Result<String> {
        match &self.key {
            Key::Hmac(key, _) => Ok(URL_SAFE_NO_PAD.encode(hmac::sign(key, message))),
            Key::Rsa(key) => key.sign(message, self.algorithm),
            Key::Elliptic(key, _) => Ok(crypto::sign(message, key, self.algorithm)?),
        }
    }
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Signer({:?})", self.algorithm)
    }
}

#[cfg(test)]
mod tests;
