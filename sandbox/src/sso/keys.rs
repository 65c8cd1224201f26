//! The provider's signing keys: RS256 with RSA keys of 2048 bits, published as a JWK Set (RFC 7517).

use std::sync::Arc;

use jsonwebtoken::jwk::{Jwk, JwkSet, PublicKeyUse, ThumbprintHash};
use jsonwebtoken::{Algorithm, EncodingKey};
use rsa::pkcs1::EncodeRsaPrivateKey;
use rsa::pkcs8::{EncodePublicKey, LineEnding};

use crate::rsa_keys;

/// An index that rotation never reaches.
const UNLISTED: usize = usize::MAX;

/// A key pair, with its public key in two formats.
pub(super) struct SigningKey {
    pub(super) private: EncodingKey,
    pub(super) public: Jwk,
    pub(super) public_pem: String,
    /// The SHA-256 thumbprint of the public key (RFC 7638).
    pub(super) kid: String,
}

impl SigningKey {
    fn nth(index: usize) -> anyhow::Result<Arc<Self>> {
        let key = rsa_keys::nth("sso", index)?;
        let private = EncodingKey::from_rsa_der(key.to_pkcs1_der()?.as_bytes());
        let mut public = Jwk::from_encoding_key(&private, Algorithm::RS256)?;
        let kid = public.thumbprint(ThumbprintHash::SHA256)?;
        public.common.key_id = Some(kid.clone());
        public.common.public_key_use = Some(PublicKeyUse::Signature);
        let public_pem = key.to_public_key().to_public_key_pem(LineEnding::LF)?;
        Ok(Arc::new(Self {
            private,
            public,
            public_pem,
            kid,
        }))
    }

    /// A key that is never published.
    pub(super) fn unlisted() -> anyhow::Result<Arc<Self>> {
        Self::nth(UNLISTED)
    }
}

/// The current key, and the previous one, whose tokens clients may still have.
pub(super) struct KeyRing {
    rotations: usize,
    current: Arc<SigningKey>,
    previous: Option<Arc<SigningKey>>,
}

impl KeyRing {
    pub(super) fn new() -> anyhow::Result<Self> {
        Ok(Self {
            rotations: 0,
            current: SigningKey::nth(0)?,
            previous: None,
        })
    }

    /// Signs with a new key from now on; the old one stays published until the next rotation.
    pub(super) fn rotate(&mut self) -> anyhow::Result<()> {
        let next = SigningKey::nth(self.rotations + 1)?;
        self.rotations += 1;
        self.previous = Some(std::mem::replace(&mut self.current, next));
        Ok(())
    }

    pub(super) fn current(&self) -> Arc<SigningKey> {
        self.current.clone()
    }

    /// The public keys, the current one first.
    pub(super) fn public(&self) -> JwkSet {
        let keys = std::iter::once(&self.current).chain(&self.previous);
        JwkSet {
            keys: keys.map(|key| key.public.clone()).collect(),
        }
    }
}
