//! RS256 with a private key that is parsed only once.
//!
//! The JWT library parses and checks the key on every call, which costs about as much as the signature
//! itself. `ring` does not. But it rejects keys under 2048 bits, which the vendor has issued and still
//! accepts, so those are used with the JWT library all the same.

use std::fmt;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, crypto};
use ring::{rand::SystemRandom, rsa::KeyPair, signature::RSA_PKCS1_SHA256};
use rsa::{
    PrivateKey, pkcs1::DecodeRsaPrivateKey, pkcs1::EncodeRsaPrivateKey, pkcs8::DecodePrivateKey,
    traits::PublicKeyParts,
};

/// NIST SP 800-131A no longer accepts shorter keys.
const MIN_BITS: u32 = 2048;

/// A private RSA key that signs with RS256.
pub(super) struct RsaKey {
    private: Private,
    public: DecodingKey,
}

enum Private {
    /// Parsed once, for `ring`.
    Ring(Box<KeyPair>),
    /// Parsed by the JWT library on every call, for keys that `ring` rejects.
    Parsed(EncodingKey),
}

/// The string is not a usable private key. The message never contains any of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be an RSA key in PEM form, PKCS#1 or PKCS#8, without a passphrase")]
pub(super) struct UnusableKey;

impl RsaKey {
    /// Reads a key in PEM form, PKCS#1 or PKCS#8.
    ///
    /// # Errors
    /// [`UnusableKey`] if it cannot be parsed, is not an RSA key, or is encrypted.
    pub(super) fn from_pem(pem: &str) -> Result<Self, UnusableKey> {
        let key = PrivateKey::from_pkcs8_pem(pem)
            .ok()
            .or_else(|| PrivateKey::from_pkcs1_pem(pem).ok())
            .ok_or(UnusableKey)?;
        let der = key.to_pkcs1_der().map_err(|_| UnusableKey)?;
        let bits = key.n().bit_width();
        if bits < MIN_BITS {
            tracing::warn!(
                bits,
                "this private key is too short to be secure; download a new one from CloudBase's console"
            );
        }
        let private = match KeyPair::from_der(der.as_bytes()) {
            Ok(pair) => Private::Ring(Box::new(pair)),
            Err(_) => Private::Parsed(EncodingKey::from_rsa_der(der.as_bytes())),
        };
        Ok(Self {
            private,
            public: DecodingKey::from_rsa_raw_components(&key.n_bytes(), &key.e_bytes()),
        })
    }

    /// The RS256 signature of a message, in base64url without padding.
    ///
    /// # Errors
    /// If the library cannot sign with the key, or the system has no randomness.
    pub(super) fn sign(&self, message: &str) -> anyhow::Result<String> {
        match &self.private {
            Private::Ring(pair) => {
                let mut signature = vec![0; pair.public().modulus_len()];
                let (random, message) = (SystemRandom::new(), message.as_bytes());
                pair.sign(&RSA_PKCS1_SHA256, &random, message, &mut signature)
                    .map_err(|_| anyhow::anyhow!("cannot sign with the key"))?;
                Ok(URL_SAFE_NO_PAD.encode(signature))
            }
            Private::Parsed(key) => Ok(crypto::sign(message.as_bytes(), key, Algorithm::RS256)?),
        }
    }

    /// Whether a signature, in the format of [`RsaKey::sign`], is valid for a message.
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
