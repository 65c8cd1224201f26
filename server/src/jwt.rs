//! Strict verification of JSON Web Tokens that other services have signed.
//!
//! The `jsonwebtoken` library only checks the algorithm and the signature. This module checks the rest:
//! required claims and their types, issuer, audience, times, the maximum lifetime, and critical headers
//! (RFC 7515, section 4.1.11).

use std::time::Duration;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode};
use serde::{Deserialize, Deserializer, de::DeserializeOwned};
use serde_json::Value;

use crate::clock::Timestamp;

/// Longer tokens are rejected unread.
const MAX_BYTES: usize = 8 * 1024;

/// How much a signer's clock may differ from ours.
const SKEW: Duration = Duration::from_secs(30);

/// What [`verify`] requires of a token.
#[derive(Clone, Copy, Debug)]
pub struct Expected<'a> {
    pub algorithm: Algorithm,
    pub issuer: &'a str,
    /// The maximum time from `iat` to `exp`.
    pub max_lifetime: Duration,
}

/// Why a token was rejected. Log the reason, but never send it to a client: it would help a forger.
#[derive(Debug, thiserror::Error)]
#[error("the token is not valid: {0}")]
pub struct InvalidToken(String);

impl InvalidToken {
    fn because(reason: &str) -> Self {
        Self(reason.to_owned())
    }
}

/// The header fields that matter here. Keys in the header and URLs of keys (`jwk`, `jku`, `x5u`) are ignored.
#[derive(Deserialize)]
pub struct TokenHeader {
    pub alg: String,
    pub kid: Option<String>,
    typ: Option<String>,
    crit: Option<Value>,
    b64: Option<Value>,
}

/// The content of a valid token.
#[derive(Clone, Debug)]
pub struct Verified<C> {
    pub claims: C,
    /// The claim `exp`. Nothing derived from the token may be valid longer. Up to 30 seconds in the past,
    /// since clocks may differ.
    pub expires_at: Timestamp,
}

#[derive(Deserialize)]
struct Claims<C> {
    iss: String,
    exp: i64,
    iat: i64,
    nbf: Option<i64>,
    aud: Option<Vec<String>>,
    #[serde(flatten)]
    rest: C,
}

/// Parses the header of a token, without verifying the token.
///
/// # Errors
/// [`InvalidToken`] if the header cannot be parsed, has critical parameters, or has a `typ` other than `JWT`.
pub fn header(token: &str) -> Result<TokenHeader, InvalidToken> {
    if token.len() > MAX_BYTES {
        return Err(InvalidToken::because("it is too long"));
    }
    let part = token.split('.').next().unwrap_or_default();
    let header = URL_SAFE_NO_PAD.decode(part).ok();
    let header: Option<TokenHeader> =
        header.and_then(|header| serde_json::from_slice(&header).ok());
    let header = header.ok_or_else(|| InvalidToken::because("its header cannot be read"))?;
    if header.crit.is_some() || header.b64.is_some() {
        return Err(InvalidToken::because(
            "its header asks for more than is known",
        ));
    }
    if header
        .typ
        .as_deref()
        .is_some_and(|typ| !typ.eq_ignore_ascii_case("JWT"))
    {
        return Err(InvalidToken::because("it is another kind of token"));
    }
    Ok(header)
}

/// Deserializes an optional claim: `None` if it is empty or not a string. For claims that a signer may omit:
/// `#[serde(default, deserialize_with = "jwt::text")]`.
///
/// # Errors
/// If the claim is not valid JSON.
pub fn text<'de, D: Deserializer<'de>>(claim: D) -> Result<Option<String>, D::Error> {
    Ok(match Value::deserialize(claim)? {
        Value::String(text) if !text.is_empty() => Some(text),
        _ => None,
    })
}

/// Verifies a token's signature, issuer and times, and returns its claims. Rejects duplicate claims.
///
/// # Errors
/// [`InvalidToken`] for the first check that fails.
pub fn verify<C: DeserializeOwned>(
    token: &str,
    key: &DecodingKey,
    expected: Expected<'_>,
    now: Timestamp,
) -> Result<Verified<C>, InvalidToken> {
    header(token)?;
    let mut signature_only = Validation::new(expected.algorithm);
    signature_only.required_spec_claims.clear();
    signature_only.validate_exp = false;
    signature_only.validate_aud = false;
    let decoded = decode::<Claims<C>>(token, key, &signature_only);
    let claims = decoded
        .map_err(|error| InvalidToken(error.to_string()))?
        .claims;
    if claims.iss != expected.issuer {
        return Err(InvalidToken::because("it has another issuer"));
    }
    // We have no audience name with any issuer, so a token with an audience is meant for another recipient
    // (RFC 7519, section 4.1.3).
    if claims.aud.is_some_and(|audience| !audience.is_empty()) {
        return Err(InvalidToken::because("it has an audience"));
    }
    let at = |seconds: i64| Timestamp(seconds.saturating_mul(1000));
    let (issued, expires) = (at(claims.iat), at(claims.exp));
    if expires + SKEW <= now {
        return Err(InvalidToken::because("it has expired"));
    }
    let begins = claims.nbf.map_or(issued, at).max(issued);
    if begins > now + SKEW {
        return Err(InvalidToken::because("it is not valid yet"));
    }
    if expires <= issued || expires.since(issued) > expected.max_lifetime {
        return Err(InvalidToken::because(
            "its lifetime is too long or negative",
        ));
    }
    Ok(Verified {
        claims: claims.rest,
        expires_at: expires,
    })
}

#[cfg(test)]
mod tests;
