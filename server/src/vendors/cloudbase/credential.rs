//! The ticket with which the browser SDK signs a user in.
//!
//! It has the format of `@cloudbase/node-sdk` 3: the key ID, `/@@/`, and a JWT whose `iat` and `exp` are in
//! milliseconds, not seconds. <https://docs.cloudbase.net/en/authentication/auth/custom-auth>

use std::time::Duration;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::keys::SigningKey;
use crate::clock::{Timestamp, millis};

/// How long the SDK may exchange a ticket for a session.
const TICKET_LIFETIME: Duration = Duration::from_secs(10 * 60);

/// After how long the platform's session must be refreshed.
const REFRESH: Duration = Duration::from_secs(60 * 60);

/// After how long the platform's session ends.
const LOGIN_LIFETIME: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// `{"alg":"RS256","typ":"JWT"}`. It has no `kid`, since the key ID precedes the token.
const HEADER: &str = "eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9";

/// The allowed length of a custom user ID, in characters.
const ID_LENGTH: std::ops::RangeInclusive<usize> = 4..=32;

/// The prefix of an ID that was derived from an ID of ours.
const HASHED_PREFIX: &str = "h:";

/// The claims, in the order of the vendor's SDK. All times are milliseconds.
#[derive(Serialize)]
struct Claims<'a> {
    alg: &'a str,
    env: &'a str,
    iat: i64,
    exp: i64,
    uid: &'a str,
    refresh: i64,
    /// Since the Unix epoch, unlike `refresh`, which is a duration.
    expire: i64,
}

/// Creates a ticket for a user.
///
/// # Errors
/// If it cannot be signed.
pub(super) fn ticket(key: &SigningKey, user_id: &str, now: Timestamp) -> anyhow::Result<String> {
    let claims = Claims {
        alg: "RS256",
        env: &key.environment,
        iat: now.0,
        exp: (now + TICKET_LIFETIME).0,
        uid: &custom_user_id(user_id),
        refresh: millis(REFRESH),
        expire: (now + LOGIN_LIFETIME).0,
    };
    let token = key.signer.token(HEADER, &claims)?;
    Ok(format!("{}/@@/{token}", key.id))
}

/// The ID of a user on the platform: the user's ID here if the platform allows it, or else a hash of it.
///
/// The IDs of this server are 32 hexadecimal characters and stay as they are; a fork may have others.
pub(super) fn custom_user_id(id: &str) -> String {
    let is_allowed = |c: char| c.is_ascii_alphanumeric() || "_-#@(){}[]:.,<>+~".contains(c);
    if ID_LENGTH.contains(&id.len()) && id.chars().all(is_allowed) && !id.starts_with(HASHED_PREFIX)
    {
        return id.to_owned();
    }
    let mut made = format!(
        "{HASHED_PREFIX}{}",
        URL_SAFE_NO_PAD.encode(Sha256::digest(id))
    );
    made.truncate(*ID_LENGTH.end());
    made
}

#[cfg(test)]
mod tests;
