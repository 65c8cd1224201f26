//! The project's RSA keys: the newest signs, and the previous one stays in the list. Unlike a JWK Set, the
//! list is a bare array, and its numbers are hexadecimal.

use std::sync::Arc;

use jsonwebtoken::{DecodingKey, EncodingKey};
use rsa::PrivateKey;
use rsa::pkcs1::EncodeRsaPrivateKey;
use rsa::pkcs8::{EncodePublicKey, LineEnding};
use rsa::traits::PublicKeyParts;
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::rsa_keys;

/// An index that rotation never reaches.
const UNLISTED: usize = usize::MAX;

/// One entry of `GET /projects/{id}/keys`.
#[derive(Debug, Clone, Serialize)]
pub(super) struct ProjectKey {
    alg: &'static str,
    pub(super) kid: String,
    kty: &'static str,
    #[serde(rename = "use")]
    usage: &'static str,
    /// The modulus, hexadecimal.
    n: String,
    /// The exponent, hexadecimal.
    e: String,
}

/// A key pair of the project.
pub(super) struct SigningKey(Arc<PrivateKey>);

impl SigningKey {
    /// The key after this many rotations.
    pub(super) fn nth(rotations: usize) -> anyhow::Result<Self> {
        Ok(Self(rsa_keys::nth("xsolla", rotations)?))
    }

    /// A key that is never published.
    pub(super) fn unlisted() -> anyhow::Result<Self> {
        Self::nth(UNLISTED)
    }

    pub(super) fn kid(&self) -> String {
        let digest = Sha256::digest(self.0.n_bytes());
        digest
            .iter()
            .take(16)
            .map(|byte| format!("{byte:02x}"))
            .collect()
    }

    pub(super) fn encoding(&self) -> anyhow::Result<EncodingKey> {
        let der = self.0.to_pkcs1_der()?;
        Ok(EncodingKey::from_rsa_der(der.as_bytes()))
    }

    pub(super) fn decoding(&self) -> DecodingKey {
        DecodingKey::from_rsa_raw_components(&self.0.n_bytes(), &self.0.e_bytes())
    }

    pub(super) fn public_pem(&self) -> anyhow::Result<String> {
        Ok(self.0.to_public_key().to_public_key_pem(LineEnding::LF)?)
    }

    pub(super) fn public(&self) -> ProjectKey {
        ProjectKey {
            alg: "RS256",
            kid: self.kid(),
            kty: "RSA",
            usage: "sig",
            n: self.0.n().to_string_radix_vartime(16),
            e: self.0.e().to_string_radix_vartime(16),
        }
    }
}
