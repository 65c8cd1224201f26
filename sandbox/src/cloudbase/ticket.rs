//! Tickets: `key id`, `/@@/`, and a JWT. Its times are in milliseconds, unlike those of RFC 7519, so this
//! module checks them itself.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::outcome::Outcome;

const SEPARATOR: &str = "/@@/";
const MAX_LIFETIME_MS: u64 = 10 * 60 * 1000;
/// How far the host's clock may be ahead.
const SKEW_MS: u64 = 60 * 1000;
const ALLOWED_IN_UID: &str = "_-#@~=*(){}[]:.,<>+";

/// A well-formed ticket with the right header, not verified yet.
pub(super) struct Ticket<'a> {
    pub(super) key_id: &'a str,
    /// Header and payload, as they were signed.
    pub(super) message: &'a str,
    pub(super) signature: &'a str,
    payload: &'a str,
}

/// The claims of a ticket; times are in milliseconds.
#[derive(Deserialize)]
pub(super) struct Claims {
    alg: String,
    env: String,
    iat: u64,
    /// Since the Unix epoch.
    pub(super) exp: u64,
    /// The host's id of the user.
    pub(super) uid: String,
    refresh: u64,
    /// When the sign-in ends, since the Unix epoch.
    pub(super) expire: u64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    alg: String,
    typ: String,
}

impl<'a> Ticket<'a> {
    pub(super) fn parse(text: &'a str) -> Result<Self, Outcome> {
        let malformed = Outcome::MalformedTicket;
        let (key_id, jwt) = text.split_once(SEPARATOR).ok_or(malformed)?;
        let (message, signature) = jwt.rsplit_once('.').ok_or(malformed)?;
        let (header, payload) = message.split_once('.').ok_or(malformed)?;
        if payload.contains('.') || signature.is_empty() {
            return Err(malformed);
        }
        let header: Header = read(header, Outcome::WrongHeader)?;
        if header.alg != "RS256" || header.typ != "JWT" {
            return Err(Outcome::WrongHeader);
        }
        Ok(Self {
            key_id,
            message,
            signature,
            payload,
        })
    }

    /// The claims. Call this only after verifying the signature.
    pub(super) fn claims(&self) -> Result<Claims, Outcome> {
        read(self.payload, Outcome::MalformedClaims)
    }
}

impl Claims {
    /// Checks that the ticket is valid for this environment at `now`.
    pub(super) fn check(&self, env_id: &str, now: u64) -> Result<(), Outcome> {
        if self.alg != "RS256" || self.refresh == 0 {
            return Err(Outcome::MalformedClaims);
        }
        if self.env != env_id {
            return Err(Outcome::WrongEnvironment);
        }
        if self.exp <= now {
            return Err(Outcome::ExpiredTicket);
        }
        if self.iat > now + SKEW_MS {
            return Err(Outcome::TicketFromTheFuture);
        }
        let lifetime = self.exp.checked_sub(self.iat);
        if lifetime.is_none_or(|lifetime| lifetime > MAX_LIFETIME_MS) {
            return Err(Outcome::TicketLivesTooLong);
        }
        if !is_uid(&self.uid) {
            return Err(Outcome::InvalidUid);
        }
        if self.expire <= now {
            return Err(Outcome::SignInExpired);
        }
        Ok(())
    }
}

fn is_uid(uid: &str) -> bool {
    let is_allowed =
        |letter: char| letter.is_ascii_alphanumeric() || ALLOWED_IN_UID.contains(letter);
    (4..=32).contains(&uid.len()) && uid.chars().all(is_allowed)
}

/// Decodes a segment's JSON. A segment that is not canonical base64url makes the ticket malformed.
fn read<T: DeserializeOwned>(segment: &str, otherwise: Outcome) -> Result<T, Outcome> {
    let json = URL_SAFE_NO_PAD
        .decode(segment)
        .map_err(|_| Outcome::MalformedTicket)?;
    serde_json::from_slice(&json).map_err(|_| otherwise)
}
