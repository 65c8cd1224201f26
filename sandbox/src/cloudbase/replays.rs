//! The used tickets, until they expire.

use std::collections::HashMap;

use sha2::{Digest, Sha256};

/// The hash of every used ticket with its `exp`, in milliseconds since the Unix epoch.
#[derive(Default)]
pub(super) struct Replays(HashMap<[u8; 32], u64>);

impl Replays {
    /// Remembers the ticket; `true` if it was not used before.
    pub(super) fn is_first_use(&mut self, ticket: &str, exp: u64, now: u64) -> bool {
        self.0.retain(|_, exp| *exp > now);
        self.0.insert(Sha256::digest(ticket).into(), exp).is_none()
    }
}
