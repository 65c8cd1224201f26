//! SHA-crypt, as in `/etc/shadow`: `$5$` and `$6$`.

use ::argon2::{Block, password_hash::PasswordVerifier};
use sha_crypt::{PasswordHashRef, ShaCrypt};

use crate::accounts::hasher::stored::{Cost, HashKeys, Parsed, StoredHash, parsed};

/// The rounds of a hash that names none.
const DEFAULT_ROUNDS: u64 = 5000;

/// What both kinds begin with, what their base64 is long, and the nanoseconds of a round.
const KINDS: [(&str, usize, u64); 2] = [("$5$", 43, 600), ("$6$", 86, 1000)];

struct ShaCryptHash {
    text: String,
    rounds: u64,
    nanos: u64,
}

pub(super) fn parse(stored: &str, _: &HashKeys) -> Option<Parsed> {
    let (prefix, length, nanos) = KINDS
        .iter()
        .find(|(prefix, ..)| stored.starts_with(prefix))?;
    let hash = read(stored, &stored[prefix.len()..], *length, *nanos);
    Some(parsed(hash, "SHA-crypt"))
}

fn read(stored: &str, rest: &str, length: usize, nanos: u64) -> Option<ShaCryptHash> {
    let rounds = match rest.strip_prefix("rounds=") {
        Some(rest) => rest.split('$').next()?.parse().ok()?,
        None => DEFAULT_ROUNDS,
    };
    let output = rest.rsplit('$').next()?;
    PasswordHashRef::new(stored).ok()?;
    let is_known = (1000..=999_999_999).contains(&rounds) && output.len() == length;
    is_known.then(|| ShaCryptHash {
        text: stored.to_owned(),
        rounds,
        nanos,
    })
}

impl StoredHash for ShaCryptHash {
    fn class(&self) -> String {
        format!("{} {}", &self.text[..2], self.rounds)
    }

    fn cost(&self) -> Cost {
        Cost {
            nanos: self.rounds.saturating_mul(self.nanos),
            memory_kib: 0,
        }
    }

    fn matches(&self, password: &[u8], _: &mut Vec<Block>) -> anyhow::Result<bool> {
        let stored =
            PasswordHashRef::new(&self.text).map_err(|error| anyhow::anyhow!("{error}"))?;
        match ShaCrypt::default().verify_password(password, stored) {
            Ok(()) => Ok(true),
            Err(::argon2::password_hash::Error::PasswordInvalid) => Ok(false),
            Err(error) => anyhow::bail!("{error}"),
        }
    }
}
