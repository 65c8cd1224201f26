//! The claims of a Chat token ("Enabling authenticated visitors in the chat widget", Zendesk help
//! 4408838925082).

use serde_json::{Map, Value};

use crate::address::is_address;
use crate::zendesk::rejection::Rejection;

/// The tolerated difference of the host's clock, in either direction.
const SKEW_SECONDS: u64 = 120;
/// The maximum lifetime of a token, from `iat`.
const MAX_LIFETIME_SECONDS: u64 = 420;
/// From here on, a time is taken for milliseconds: in seconds, this is in the year 5138.
const MILLISECONDS_FROM: u64 = 100_000_000_000;

/// The visitor of a verified token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::zendesk) struct Identity {
    pub(in crate::zendesk) name: String,
    pub(in crate::zendesk) email: String,
    /// The host's stable id of the user. Tokens with the same id, and only those, are of one visitor.
    pub(in crate::zendesk) external_id: String,
}

impl Identity {
    /// Checks every claim at `now` (Unix seconds), without converting types.
    ///
    /// # Errors
    /// `invalid_claim`, `iat_out_of_range`, `expired` or `exp_too_far`.
    pub(super) fn check(claims: &Map<String, Value>, now: u64) -> Result<Self, Rejection> {
        check_times(claims, now)?;
        Ok(Self {
            name: non_empty(claims, "name")?,
            email: email(claims)?,
            external_id: non_empty(claims, "external_id")?,
        })
    }
}

fn check_times(claims: &Map<String, Value>, now: u64) -> Result<(), Rejection> {
    let iat = seconds(claims, "iat")?.ok_or_else(|| invalid("iat", "is required"))?;
    if iat.abs_diff(now) > SKEW_SECONDS {
        let message = if iat >= MILLISECONDS_FROM {
            "iat must be in seconds, and looks like milliseconds.".to_owned()
        } else {
            format!(
                "iat is {} seconds away from Zendesk's clock.",
                iat.abs_diff(now)
            )
        };
        return Err(Rejection::unauthorized("iat_out_of_range", message));
    }
    match seconds(claims, "exp")? {
        Some(exp) if exp <= now => {
            let message = "The token has expired.";
            Err(Rejection::unauthorized("expired", message))
        }
        Some(exp) if exp > iat + MAX_LIFETIME_SECONDS => {
            let message = "exp may be at most seven minutes after iat.";
            Err(Rejection::unauthorized("exp_too_far", message))
        }
        _ => Ok(()),
    }
}

fn seconds(claims: &Map<String, Value>, name: &str) -> Result<Option<u64>, Rejection> {
    let read = |value: &Value| {
        let seconds = value.as_u64();
        seconds.ok_or_else(|| invalid(name, "must be a whole number of seconds"))
    };
    claims.get(name).map(read).transpose()
}

fn email(claims: &Map<String, Value>) -> Result<String, Rejection> {
    let email = non_empty(claims, "email")?;
    if !email.is_ascii() {
        return Err(invalid("email", "must not have accented characters"));
    }
    if is_address(&email) {
        return Ok(email);
    }
    Err(invalid("email", "must be an email address"))
}

fn non_empty(claims: &Map<String, Value>, name: &str) -> Result<String, Rejection> {
    match claims.get(name) {
        Some(Value::String(text)) if text.trim().is_empty() => {
            Err(invalid(name, "must not be empty"))
        }
        Some(Value::String(text)) => Ok(text.clone()),
        Some(_) => Err(invalid(name, "must be a string")),
        None => Err(invalid(name, "is required")),
    }
}

fn invalid(name: &str, fault: &str) -> Rejection {
    Rejection::unauthorized("invalid_claim", format!("{name} {fault}."))
}
