//! Checks a host's token: HS256 with the help center's secret, and the claims of the vendor's contract.

use jsonwebtoken::Algorithm;
use serde_json::{Map, Value};

use super::exchanges::Outcome;
use crate::address::is_address;
use crate::jwt::Token;
use crate::secret::Secret;

/// The user of a valid token.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Identity {
    pub(super) user_id: String,
    pub(super) email: String,
    pub(super) name: Option<String>,
    pub(super) custom_attributes: Map<String, Value>,
    /// Seconds since the Unix epoch; optional, since the contract only recommends an expiry.
    pub(super) expires_at: Option<u64>,
}

/// Accepts a token that was signed with `secret` and has not expired at `now` (Unix seconds).
/// `id_claim` is the claim that holds the user's id.
///
/// # Errors
/// The outcome to record. Pages get the same message for all of them.
pub(super) fn check(
    token: &str,
    secret: &Secret,
    id_claim: &str,
    now: u64,
) -> Result<Identity, Outcome> {
    let claims = Token::read(token, Algorithm::HS256)?.verify(&secret.hmac_key()?)?;
    let expires_at = expiry(&claims, now)?;
    let email = required(&claims, "email")?;
    if !is_address(&email) {
        return Err(Outcome::InvalidClaim);
    }
    Ok(Identity {
        user_id: required(&claims, id_claim)?,
        email,
        name: optional(&claims, "name")?,
        custom_attributes: attributes(&claims)?,
        expires_at,
    })
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
