//! RS256 with a private key that is parsed once and kept.
//!
//! The JWT library parses and checks the key on every call, which costs about as much as the signature itself. Keys
//! under 2048 bits, which the vendor has given out and still takes, are left to it all the same: the faster library
//! refuses them.

use std::fmt;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, crypto};
use ring::{rand::SystemRandom, rsa::KeyPair, signature::RSA_PKCS1_SHA256};
use rsa::{
    RsaPrivateKey, pkcs1::DecodeRsaPrivateKey, pkcs1::EncodeRsaPrivateKey, pkcs8::DecodePrivateKey,
    traits::PublicKeyParts,
};

/// NIST SP 800-131A: shorter keys are no longer acceptable.
const BITS_AT_LEAST: usize = 2048;

/// A private RSA key, ready to sign.
pub(super) struct RsaKey {
    private: Private,
    public: DecodingKey,
}

enum Private {
    Kept(Box<KeyPair>),
    Parsed(EncodingKey),
}

/// Why a text is no private key to sign with. Never has anything of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be an RSA key in PEM form, PKCS#1 or PKCS#8, without a passphrase")]
pub(super) struct UnusableKey;

impl RsaKey {
    /// Reads a key in PEM form, PKCS#1 or PKCS#8.
    ///
    /// # Errors
    /// [`UnusableKey`] if it is none, of another kind than RSA, or encrypted.
    pub(super) fn from_pem(pem: &str) -> Result<Self, UnusableKey> {
        let key = RsaPrivateKey::from_pkcs8_pem(pem)
            .ok()
            .or_else(|| RsaPrivateKey::from_pkcs1_pem(pem).ok())
            .ok_or(UnusableKey)?;
        let der = key.to_pkcs1_der().map_err(|_| UnusableKey)?;
        if key.n().bits() < BITS_AT_LEAST {
            tracing::warn!(
                bits = key.n().bits(),
                "this private key is short: download a new one from CloudBase's console"
            );
        }
        let private = match KeyPair::from_der(der.as_bytes()) {
            Ok(pair) => Private::Kept(Box::new(pair)),
            Err(_) => Private::Parsed(EncodingKey::from_rsa_der(der.as_bytes())),
        };
        let (n, e) = (key.n().to_bytes_be(), key.e().to_bytes_be());
        Ok(Self {
            private,
            public: DecodingKey::from_rsa_raw_components(&n, &e),
        })
    }

    /// The RS256 signature of a text, in base64url without padding.
    ///
    /// # Errors
    /// If the machine gives no randomness, or the library refuses the key.
    pub(super) fn sign(&self, message: &str) -> anyhow::Result<String> {
        match &self.private {
            Private::Kept(pair) => {
                let mut signature = vec![0; pair.public().modulus_len()];
                let (random, message) = (SystemRandom::new(), message.as_bytes());
                pair.sign(&RSA_PKCS1_SHA256, &random, message, &mut signature)
                    .map_err(|_| anyhow::anyhow!("the key does not sign"))?;
                Ok(URL_SAFE_NO_PAD.encode(signature))
            }
            Private::Parsed(key) => Ok(crypto::sign(message.as_bytes(), key, Algorithm::RS256)?),
        }
    }

    /// Whether a signature of [`RsaKey::sign`] belongs to a text.
    pub(super) fn verifies(&self, message: &str, signature: &str) -> bool {
        crypto::verify(
            signature,
            message.as_bytes(),
            &self.public,
            Algorithm::RS256,
        )
        .unwrap_or(false)
    }
}

impl fmt::Debug for RsaKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RsaKey(…)")
    }
}
