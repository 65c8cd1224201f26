//! The keys that tickets may be signed with: the current one, and replaced ones during their grace period.

use std::sync::Arc;

use jsonwebtoken::{Algorithm, DecodingKey, crypto};
use rsa::PrivateKey;
use rsa::pkcs1::EncodeRsaPublicKey;
use serde::Serialize;
use uuid::Builder;

use super::outcome::Outcome;
use super::ticket::Ticket;
use crate::clock::rfc3339;
use crate::rsa_keys;

/// A key pair: the host signs tickets with its private half, and the public half verifies them.
pub(super) struct TicketKey {
    pub(super) id: String,
    pub(super) private: Arc<PrivateKey>,
    public: DecodingKey,
    /// When it stops being accepted, in milliseconds since the Unix epoch; `None` for the current key.
    until: Option<u64>,
}

/// A key as the console shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct KeyView {
    pub id: String,
    pub status: KeyStatus,
    /// When a replaced key stops or stopped being accepted, as an ISO date in UTC.
    pub until: Option<String>,
}

/// Whether a key is still accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyStatus {
    /// The one in the key file.
    Current,
    /// Replaced, and still accepted.
    Replaced,
    /// No longer accepted.
    Expired,
}

/// All keys since the start, the current one first.
pub(super) struct KeyRing {
    current: TicketKey,
    replaced: Vec<TicketKey>,
}

impl TicketKey {
    fn nth(index: usize) -> anyhow::Result<Self> {
        let mut id = [0; 16];
        getrandom::fill(&mut id)?;
        let id = Builder::from_random_bytes(id).into_uuid().to_string();
        Self::new(id, rsa_keys::nth("cloudbase", index)?)
    }

    pub(super) fn new(id: String, private: Arc<PrivateKey>) -> anyhow::Result<Self> {
        let public = private.to_public_key().to_pkcs1_der()?;
        Ok(Self {
            id,
            private,
            public: DecodingKey::from_rsa_der(public.as_bytes()),
            until: None,
        })
    }

    fn view(&self, now: u64) -> KeyView {
        let status = match self.until {
            None => KeyStatus::Current,
            Some(until) if now < until => KeyStatus::Replaced,
            Some(_) => KeyStatus::Expired,
        };
        KeyView {
            id: self.id.clone(),
            status,
            until: self.until.map(|until| rfc3339(until / 1000)),
        }
    }
}

impl KeyRing {
    pub(super) fn new() -> anyhow::Result<Self> {
        Ok(Self {
            current: TicketKey::nth(0)?,
            replaced: Vec::new(),
        })
    }

    pub(super) fn current(&self) -> &TicketKey {
        &self.current
    }

    /// The key that the next rotation makes the current one.
    pub(super) fn successor(&self) -> anyhow::Result<TicketKey> {
        TicketKey::nth(self.replaced.len() + 1)
    }

    /// Makes `successor` the current key; the previous one is accepted until `until`.
    pub(super) fn rotate(&mut self, successor: TicketKey, until: u64) {
        let mut before = std::mem::replace(&mut self.current, successor);
        before.until = Some(until);
        self.replaced.insert(0, before);
    }

    /// Checks that the key that the ticket names is accepted at `now` and has signed it.
    pub(super) fn check(&self, ticket: &Ticket, now: u64) -> Result<(), Outcome> {
        let key = self
            .all()
            .find(|key| key.id == ticket.key_id)
            .ok_or(Outcome::UnknownKey)?;
        if key.until.is_some_and(|until| until <= now) {
            return Err(Outcome::ExpiredKey);
        }
        let message = ticket.message.as_bytes();
        match crypto::verify(ticket.signature, message, &key.public, Algorithm::RS256) {
            Ok(true) => Ok(()),
            Ok(false) => Err(Outcome::BadSignature),
            Err(_) => Err(Outcome::MalformedTicket),
        }
    }

    pub(super) fn views(&self, now: u64) -> Vec<KeyView> {
        self.all().map(|key| key.view(now)).collect()
    }

    fn all(&self) -> impl Iterator<Item = &TicketKey> {
        std::iter::once(&self.current).chain(&self.replaced)
    }
}
