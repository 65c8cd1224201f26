//! An issuer's keys (RFC 7517), and which of them may have signed a token.

use anyhow::Context;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, DecodingKey};

use crate::{
    json::Object,
    jwt::{self, InvalidToken, TokenHeader},
};

/// Signature algorithms with asymmetric keys only. HMAC would accept tokens signed with our client secret, or
/// with a public key that is taken for a secret.
pub(super) const ALGORITHMS: [Algorithm; 9] = [
    Algorithm::RS256,
    Algorithm::RS384,
    Algorithm::RS512,
    Algorithm::PS256,
    Algorithm::PS384,
    Algorithm::PS512,
    Algorithm::ES256,
    Algorithm::ES384,
    Algorithm::EdDSA,
];

/// The keys of an issuer that can verify signatures. Others, such as those for encryption, are left out.
#[derive(Clone, Debug, Default)]
pub(super) struct Keys(Vec<Key>);

#[derive(Clone, Debug)]
struct Key {
    id: Option<String>,
    key: DecodingKey,
    /// What it may have signed: what its kind allows, or the one that it names.
    algorithms: Vec<Algorithm>,
}

/// Why a signature is not verified.
#[derive(Debug, thiserror::Error)]
pub(super) enum Unverified {
    /// The key may be newer than the keys that were fetched last.
    #[error("the token is signed with a key that the issuer does not list")]
    UnknownKey,
    #[error("tokens are signed with {0}, which is not accepted")]
    Algorithm(String),
    #[error(transparent)]
    Invalid(#[from] InvalidToken),
}

impl Unverified {
    /// Whether the token may be signed with a key that the issuer has published since.
    pub(super) fn may_pass_with_newer_keys(&self) -> bool {
        match self {
            Self::UnknownKey => true,
            Self::Algorithm(_) => false,
            Self::Invalid(error) => error.is_wrong_signature(),
        }
    }
}

/// The keys that may have signed a token.
pub(super) struct Candidates<'k> {
    pub algorithm: Algorithm,
    pub keys: Vec<&'k DecodingKey>,
}

/// The algorithm with this name, if it is accepted.
pub(super) fn accepted(name: &str) -> Option<Algorithm> {
    jwt::algorithm(name).filter(|algorithm| ALGORITHMS.contains(algorithm))
}

impl Keys {
    /// Reads a key set. A key that cannot be used is no reason not to use the others.
    pub(super) fn read(set: &Object) -> anyhow::Result<Self> {
        let keys = set
            .objects("keys")
            .context("the key set has no list of keys")?;
        Ok(Self(keys.iter().filter_map(Key::read).collect()))
    }

    /// The keys that may have signed a token with this header: those with the ID that it names, or else those
    /// without one; all, if it names none.
    pub(super) fn candidates(&self, header: &TokenHeader) -> Result<Candidates<'_>, Unverified> {
        let algorithm =
            accepted(&header.alg).ok_or_else(|| Unverified::Algorithm(plain(&header.alg)))?;
        let suitable = || {
            self.0
                .iter()
                .filter(|key| key.algorithms.contains(&algorithm))
        };
        let chosen = |id: Option<&str>| -> Vec<&DecodingKey> {
            let with_id = suitable().filter(|key| key.id.as_deref() == id);
            with_id.map(|key| &key.key).collect()
        };
        let keys = match header.kid.as_deref() {
            None => suitable().map(|key| &key.key).collect(),
            Some(id) => Some(chosen(Some(id)))
                .filter(|keys| !keys.is_empty())
                .unwrap_or_else(|| chosen(None)),
        };
        match keys.is_empty() {
            true => Err(Unverified::UnknownKey),
            false => Ok(Candidates { algorithm, keys }),
        }
    }

    /// The claims of a token that one of the keys has signed; nothing else is checked.
    pub(super) fn signed_claims(&self, token: &str) -> Result<Object, Unverified> {
        let signers = self.candidates(&jwt::header(token)?)?;
        Ok(jwt::signed_claims(token, signers.algorithm, signers.keys)?)
    }
}

impl Key {
    fn read(key: &Object) -> Option<Self> {
        if key.text("use").is_some_and(|purpose| purpose != "sig") {
            return None;
        }
        let (decoding, mut algorithms) =
            match (key.text("kty")?.as_str(), key.text("crv").as_deref()) {
                ("RSA", _) => (
                    DecodingKey::from_rsa_components(&key.text("n")?, &key.text("e")?),
                    ALGORITHMS[..6].to_vec(),
                ),
                ("EC", Some("P-256")) => (point(key, 32)?, vec![Algorithm::ES256]),
                ("EC", Some("P-384")) => (point(key, 48)?, vec![Algorithm::ES384]),
                ("OKP", Some("Ed25519")) => (
                    DecodingKey::from_ed_components(&key.text("x")?),
                    vec![Algorithm::EdDSA],
                ),
                _ => return None,
            };
        if let Some(name) = key.text("alg") {
            algorithms.retain(|algorithm| jwt::algorithm(&name) == Some(*algorithm));
        }
        Some(Self {
            id: key.text("kid"),
            key: decoding.ok()?,
            algorithms,
        })
    }
}

/// A point whose coordinates have `width` bytes. Some issuers leave out leading zeros (PyPI Authlib 1.9.10), which RFC 7518,
/// section 6.2.1.2, does not allow.
fn point(key: &Object, width: usize) -> Option<jsonwebtoken::errors::Result<DecodingKey>> {
    let coordinate = |name: &str| {
        let number = URL_SAFE_NO_PAD.decode(key.text(name)?).ok()?;
        let zeros = vec![0; width.saturating_sub(number.len())];
        Some(URL_SAFE_NO_PAD.encode([zeros, number].concat()))
    };
    Some(DecodingKey::from_ec_components(
        &coordinate("x")?,
        &coordinate("y")?,
    ))
}

/// A name from outside, fit for the log.
pub(super) fn plain(name: &str) -> String {
    name.chars()
        .filter(char::is_ascii_alphanumeric)
        .take(16)
        .collect()
}
