//! RSA signatures with a private key that is parsed only once.
//!
//! The JWT library parses and checks the key on every call, which costs about as much as the signature
//! itself. `ring` does not. But it rejects keys under 2048 bits, which vendors have issued and still
//! accept, so those are used with the JWT library all the same.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, crypto};
use ring::{
    rand::SystemRandom,
    rsa::KeyPair,
    signature::{RSA_PKCS1_SHA256, RSA_PKCS1_SHA384, RSA_PKCS1_SHA512},
};
use rsa::{
    PrivateKey, pkcs1::DecodeRsaPrivateKey, pkcs1::EncodeRsaPrivateKey, pkcs8::DecodePrivateKey,
    traits::PublicKeyParts,
};

use super::signer::UnusableKey;

/// NIST SP 800-131A no longer accepts shorter keys.
const MIN_BITS: u32 = 2048;

/// A private RSA key.
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

const UNUSABLE: UnusableKey =
    UnusableKey("an RSA key in PEM form, PKCS#1 or PKCS#8, without a passphrase");

impl RsaKey {
    /// Reads a key in PEM form, PKCS#1 or PKCS#8.
    ///
    /// # Errors
    /// [`UnusableKey`] if it cannot be parsed, is not an RSA key, or is encrypted.
    pub(super) fn from_pem(pem: &str) -> Result<Self, UnusableKey> {
        let key = PrivateKey::from_pkcs8_pem(pem)
            .ok()
            .or_else(|| PrivateKey::from_pkcs1_pem(pem).ok())
            .ok_or(UNUSABLE)?;
        let der = key.to_pkcs1_der().map_err(|_| UNUSABLE)?;
        let bits = key.n().bit_width();
        if bits < MIN_BITS {
            tracing::warn!(
                bits,
                "this private key is too short to be secure; create a new one at the vendor"
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

    /// The signature of a message with RS256, RS384 or RS512, in base64url without padding.
    ///
    /// # Errors
    /// If the library cannot sign with the key, or the system has no randomness.
    pub(super) fn sign(&self, message: &[u8], algorithm: Algorithm) -> anyhow::Result<String> {
        match &self.private {
            Private::Ring(pair) => {
                let padding = match algorithm {
                    Algorithm::RS384 => &RSA_PKCS1_SHA384,
                    Algorithm::RS512 => &RSA_PKCS1_SHA512,
                    _ => &RSA_PKCS1_SHA256,
                };
                let mut signature = vec![0; pair.public().modulus_len()];
                pair.sign(padding, &SystemRandom::new(), message, &mut signature)
                    .map_err(|_| anyhow::anyhow!("cannot sign with the key"))?;
                Ok(URL_SAFE_NO_PAD.encode(signature))
            }
            Private::Parsed(key) => Ok(crypto::sign(message, key, algorithm)?),
        }
    }

    /// The public key, to verify signatures.
    pub(super) fn public(&self) -> &DecodingKey {
        &self.public
    }
}
