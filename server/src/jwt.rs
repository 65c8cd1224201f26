//! Strict verification of JSON Web Tokens that other services have signed.
//!
//! The `jsonwebtoken` library checks the signature. This module checks the rest: critical headers (RFC 7515,
//! section 4.1.11), issuer, audience, times and the maximum lifetime. Other claims are read from [`Object`], so
//! one that is not used decides nothing.

use std::time::Duration;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, DecodingKey, crypto};

use crate::{
    clock::Timestamp,
    json::{Object, WrongKind},
};

/// Longer tokens are rejected unread. Tokens that list a user's groups have some ten thousand bytes.
const MAX_BYTES: usize = 64 * 1024;

const WRONG_SIGNATURE: &str = "its signature is wrong";

/// What [`verify`] requires of a token.
#[derive(Clone, Copy, Debug)]
pub struct Expected<'a> {
    pub algorithm: Algorithm,
    pub issuer: &'a str,
    /// Our name at the issuer. If there is none, a token with an audience is meant for another recipient (RFC
    /// 7519, section 4.1.3).
    pub audience: Option<&'a str>,
    /// The maximum time from `iat` to `exp`, unless the issuer alone decides.
    pub max_lifetime: Option<Duration>,
    /// How much the signer's clock may differ from ours.
    pub skew: Duration,
}

/// Why a token was rejected. Log the reason, but never send it to a client: it would help a forger.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the token is not valid: {0}")]
pub struct InvalidToken(String);

impl InvalidToken {
    fn because(reason: &str) -> Self {
        Self(reason.to_owned())
    }

    /// Whether no given key has signed the token.
    pub fn is_wrong_signature(&self) -> bool {
        self.0 == WRONG_SIGNATURE
    }
}

impl From<WrongKind> for InvalidToken {
    fn from(error: WrongKind) -> Self {
        Self(error.to_string())
    }
}

/// The header fields that matter here. Keys in the header and URLs of keys (`jwk`, `jku`, `x5u`) are ignored.
#[derive(Debug)]
pub struct TokenHeader {
    pub alg: String,
    pub kid: Option<String>,
}

impl TokenHeader {
    /// The algorithm; `None` if it is unknown.
    pub fn algorithm(&self) -> Option<Algorithm> {
        algorithm(&self.alg)
    }
}

/// The algorithm with this name. EdDSA has a second name for the one curve that is known here (RFC 9864).
pub fn algorithm(name: &str) -> Option<Algorithm> {
    match name {
        "Ed25519" => Some(Algorithm::EdDSA),
        name => name.parse().ok(),
    }
}

/// The content of a valid token.
#[derive(Clone, Debug)]
pub struct Verified {
    pub claims: Object,
    pub issued_at: Timestamp,
    /// The claim `exp`. Nothing derived from the token may be valid longer. Up to the allowed skew in the past,
    /// since clocks may differ.
    pub expires_at: Timestamp,
}

/// Parses the header of a token, without verifying the token.
///
/// # Errors
/// [`InvalidToken`] if the header cannot be parsed, has critical parameters, or has a `typ` of another kind of
/// token.
pub fn header(token: &str) -> Result<TokenHeader, InvalidToken> {
    if token.len() > MAX_BYTES {
        return Err(InvalidToken::because("it is too long"));
    }
    let part = token.split('.').next().unwrap_or_default();
    let header = object(part).ok_or_else(|| InvalidToken::because("its header cannot be read"))?;
    if header.has("crit") || header.has("b64") {
        return Err(InvalidToken::because(
            "its header asks for more than is known",
        ));
    }
    let text = |name: &str| match header.text(name) {
        None if header.has(name) => Err(InvalidToken(format!("{name} in its header is not text"))),
        text => Ok(text),
    };
    if text("typ")?.is_some_and(|typ| !is_jwt(&typ)) {
        return Err(InvalidToken::because("it is another kind of token"));
    }
    let alg = text("alg")?;
    Ok(TokenHeader {
        alg: alg.ok_or_else(|| InvalidToken::because("its header names no algorithm"))?,
        kid: text("kid")?,
    })
}

/// Whether a `typ` is that of a plain signed token, with or without the prefix that RFC 7515, section 4.1.9
/// lets signers omit.
fn is_jwt(typ: &str) -> bool {
    let typ = typ.to_ascii_lowercase();
    let typ = typ.strip_prefix("application/").unwrap_or(&typ);
    matches!(typ, "jwt" | "jose")
}

/// The claims of a token that one of the keys has signed. Nothing but the signature and the header is checked.
///
/// # Errors
/// [`InvalidToken`]. A claim that occurs twice is one.
pub fn signed_claims<'k>(
    token: &str,
    algorithm: Algorithm,
    keys: impl IntoIterator<Item = &'k DecodingKey>,
) -> Result<Object, InvalidToken> {
    if header(token)?.algorithm() != Some(algorithm) {
        return Err(InvalidToken::because("it is signed with another algorithm"));
    }
    let parts = token.rsplit_once('.').and_then(|(signed, signature)| {
        let (_, payload) = signed.split_once('.')?;
        Some((signed.as_bytes(), payload, signature))
    });
    let (signed, payload, signature) =
        parts.ok_or_else(|| InvalidToken::because("it does not have three parts"))?;
    let has_signed = |key| crypto::verify(signature, signed, key, algorithm).unwrap_or(false);
    if !keys.into_iter().any(has_signed) {
        return Err(InvalidToken::because(WRONG_SIGNATURE));
    }
    object(payload).ok_or_else(|| InvalidToken::because("its claims cannot be read"))
}

/// Verifies a token's signature, issuer, audience and times, and returns its claims.
///
/// # Errors
/// [`InvalidToken`] for the first check that fails.
pub fn verify<'k>(
    token: &str,
    keys: impl IntoIterator<Item = &'k DecodingKey>,
    expected: Expected<'_>,
    now: Timestamp,
) -> Result<Verified, InvalidToken> {
    let claims = signed_claims(token, expected.algorithm, keys)?;
    if claims.text("iss").as_deref() != Some(expected.issuer) {
        return Err(InvalidToken::because("it has another issuer"));
    }
    // Without a subject, a token names no one; with several, it is unclear whom.
    claims.ensure_single("sub")?;
    let audience = claims.texts("aud")?;
    match expected.audience {
        Some(ours) if !audience.iter().any(|it| it == ours) => {
            return Err(InvalidToken::because("its audience does not include us"));
        }
        None if !audience.is_empty() => {
            return Err(InvalidToken::because("it has an audience"));
        }
        _ => {}
    }
    let required = |name: &str| {
        let time = claims.time(name)?;
        time.ok_or_else(|| InvalidToken(format!("{name} is missing")))
    };
    let (issued, expires) = (required("iat")?, required("exp")?);
    if expires + expected.skew <= now {
        return Err(InvalidToken::because("it has expired"));
    }
    let begins = claims.time("nbf")?.unwrap_or(issued).max(issued);
    if begins > now + expected.skew {
        return Err(InvalidToken::because("it is not valid yet"));
    }
    let is_too_long = |max| expires.since(issued) > max;
    if expires <= issued || expected.max_lifetime.is_some_and(is_too_long) {
        return Err(InvalidToken::because(
            "its lifetime is too long or negative",
        ));
    }
    Ok(Verified {
        claims,
        issued_at: issued,
        expires_at: expires,
    })
}

/// The JSON object in one part of a token.
fn object(part: &str) -> Option<Object> {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).ok()?).ok()
}

#[cfg(test)]
mod tests;
