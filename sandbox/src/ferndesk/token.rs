//! Checks a host's token: HS256 with the help centre's secret, and the claims of the vendor's contract.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, DecodingKey, crypto};
use serde_json::{Map, Value};

use super::exchanges::Outcome;
use crate::config::Secret;

/// Who a good token speaks of.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Identity {
    pub(super) user_id: String,
    pub(super) email: String,
    pub(super) name: Option<String>,
    pub(super) custom_attributes: Map<String, Value>,
    /// Seconds since the Unix epoch; the contract only recommends an expiry.
    pub(super) expires_at: Option<u64>,
}

/// Accepts a token that was signed with `secret` and has time left at `now` (Unix seconds).
/// `id_claim` is the claim that holds the user's id.
///
/// # Errors
/// The outcome to record; pages are told the same of all of them.
pub(super) fn check(
    token: &str,
    secret: &Secret,
    id_claim: &str,
    now: u64,
) -> Result<Identity, Outcome> {
    let claims = verify(token, secret)?;
    let expires_at = expiry(&claims, now)?;
    Ok(Identity {
        user_id: required(&claims, id_claim)?,
        email: required(&claims, "email")?,
        name: optional(&claims, "name")?,
        custom_attributes: attributes(&claims)?,
        expires_at,
    })
}

/// The claims of a token with three segments, the right algorithm and the right signature.
fn verify(token: &str, secret: &Secret) -> Result<Map<String, Value>, Outcome> {
    let (signed, signature) = token.rsplit_once('.').ok_or(Outcome::MalformedToken)?;
    let (header, claims) = signed.split_once('.').ok_or(Outcome::MalformedToken)?;
    let (header, claims) = (object(header)?, object(claims)?);
    URL_SAFE_NO_PAD
        .decode(signature)
        .map_err(|_| Outcome::MalformedToken)?;
    // The algorithm is ours to choose: what the header says can only be right or wrong.
    if header.get("alg").and_then(Value::as_str) != Some("HS256") {
        return Err(Outcome::WrongAlgorithm);
    }
    if header.contains_key("crit") {
        return Err(Outcome::MalformedToken);
    }
    let key = DecodingKey::from_secret(secret.reveal().as_bytes());
    match crypto::verify(signature, signed.as_bytes(), &key, Algorithm::HS256) {
        Ok(true) => Ok(claims),
        _ => Err(Outcome::BadSignature),
    }
}

/// Base64url has spare bits at its end and optional padding; only the one canonical form is taken.
fn object(segment: &str) -> Result<Map<String, Value>, Outcome> {
    let bytes = URL_SAFE_NO_PAD
        .decode(segment)
        .map_err(|_| Outcome::MalformedToken)?;
    serde_json::from_slice(&bytes).map_err(|_| Outcome::MalformedToken)
}

fn expiry(claims: &Map<String, Value>, now: u64) -> Result<Option<u64>, Outcome> {
    let Some(exp) = claims.get("exp") else {
        return Ok(None);
    };
    let exp = exp.as_f64().map(|seconds| seconds as u64);
    exp.filter(|&exp| exp > now)
        .map(Some)
        .ok_or(Outcome::Expired)
}

fn required(claims: &Map<String, Value>, name: &str) -> Result<String, Outcome> {
    optional(claims, name)?
        .filter(|text| !text.trim().is_empty())
        .ok_or(Outcome::InvalidClaim)
}

fn optional(claims: &Map<String, Value>, name: &str) -> Result<Option<String>, Outcome> {
    match claims.get(name) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err(Outcome::InvalidClaim),
    }
}

fn attributes(claims: &Map<String, Value>) -> Result<Map<String, Value>, Outcome> {
    match claims.get("customAttributes") {
        None => Ok(Map::new()),
        Some(Value::Object(attributes)) => Ok(attributes.clone()),
        Some(_) => Err(Outcome::InvalidClaim),
    }
}
