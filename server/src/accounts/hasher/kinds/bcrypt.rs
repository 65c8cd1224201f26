//! bcrypt as PHP, Python, Node and Apache write it, and Django's two ways to use it. It reads 72 bytes of a password at
//! most; Django therefore hashes the password before.

use ::argon2::Block;
use sha2::{Digest, Sha256};

use crate::accounts::hasher::stored::{Cost, HashKeys, Parsed, StoredHash, parsed};

/// Nanoseconds for a round; each step of the cost doubles the rounds.
const NANOS: u64 = 50_000;

const HASHED_BEFORE: &str = "bcrypt_sha256$";
const PREFIXES: [&str; 3] = ["$2a$", "$2b$", "$2y$"];

struct BcryptHash {
    text: String,
    cost: u32,
    is_hashed_before: bool,
}

pub(super) fn parse(stored: &str, _: &HashKeys) -> Option<Parsed> {
    let before = stored.strip_prefix(HASHED_BEFORE);
    let text = before.or_else(|| stored.strip_prefix("bcrypt$"));
    let text = text.unwrap_or(stored);
    PREFIXES
        .iter()
        .any(|prefix| text.starts_with(prefix))
        .then(|| parsed(read(text, before.is_some()), "bcrypt"))
}

fn read(text: &str, is_hashed_before: bool) -> Option<BcryptHash> {
    let parts: bcrypt::HashParts = text.parse().ok()?;
    let cost = parts.get_cost();
    (4..=31).contains(&cost).then(|| BcryptHash {
        text: text.to_owned(),
        cost,
        is_hashed_before,
    })
}

impl StoredHash for BcryptHash {
    fn class(&self) -> String {
        format!("bcrypt {}", self.cost)
    }

    fn cost(&self) -> Cost {
        let rounds = 1_u64.checked_shl(self.cost).unwrap_or(u64::MAX);
        Cost {
            nanos: rounds.saturating_mul(NANOS),
            memory_kib: 0,
        }
    }

    fn matches(&self, password: &[u8], _: &mut Vec<Block>) -> anyhow::Result<bool> {
        Ok(if self.is_hashed_before {
            let digest = base16ct::lower::encode_string(&Sha256::digest(password));
            bcrypt::verify(digest, &self.text)?
        } else {
            bcrypt::verify(password, &self.text)?
        })
    }
}
