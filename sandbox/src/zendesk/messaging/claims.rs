//! The claims of a Messaging token ("Enabling authenticated visitors for messaging with Zendesk SDKs").

use serde_json::{Map, Value};

use crate::zendesk::rejection::Rejection;

/// In characters.
const MAX_EXTERNAL_ID: usize = 255;

/// The user of a verified token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct EndUser {
    pub(super) external_id: String,
    pub(super) name: Option<String>,
    /// The email address, if the host asserts that it is verified; only then does it identify a user.
    pub(super) verified_email: Option<String>,
    /// Seconds since the Unix epoch.
    pub(super) exp: Option<u64>,
}

impl EndUser {
    /// Checks every claim at `now` (Unix seconds), without converting types.
    ///
    /// # Errors
    /// `invalid_claim` or `expired`.
    pub(super) fn check(claims: &Map<String, Value>, now: u64) -> Result<Self, Rejection> {
        if text(claims, "scope")?.as_deref() != Some("user") {
            return Err(invalid("scope", "must be \"user\""));
        }
        let verified = match claims.get("email_verified") {
            None => false,
            Some(Value::Bool(verified)) => *verified,
            Some(_) => return Err(invalid("email_verified", "must be true or false")),
        };
        Ok(Self {
            external_id: external_id(claims)?,
            name: text(claims, "name")?,
            verified_email: text(claims, "email")?.filter(|_| verified),
            exp: exp(claims, now)?,
        })
    }
}

fn external_id(claims: &Map<String, Value>) -> Result<String, Rejection> {
    let id = text(claims, "external_id")?.unwrap_or_default();
    if (1..=MAX_EXTERNAL_ID).contains(&id.chars().count()) {
        return Ok(id);
    }
    Err(invalid("external_id", "must have 1 to 255 characters"))
}

fn exp(claims: &Map<String, Value>, now: u64) -> Result<Option<u64>, Rejection> {
    let Some(exp) = claims.get("exp") else {
        return Ok(None);
    };
    match exp.as_u64() {
        None => Err(invalid("exp", "must be a number of seconds")),
        Some(exp) if exp <= now => {
            Err(Rejection::unauthorized("expired", "The token has expired."))
        }
        exp => Ok(exp),
    }
}

fn text(claims: &Map<String, Value>, name: &str) -> Result<Option<String>, Rejection> {
    match claims.get(name) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err(invalid(name, "must be a string")),
    }
}

fn invalid(name: &str, fault: &str) -> Rejection {
    Rejection::unauthorized("invalid_claim", format!("{name} {fault}."))
}
