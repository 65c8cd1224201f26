//! phpass's portable hash, of WordPress, phpBB and others: MD5 over and over.

use ::argon2::Block;
use md5::{Digest, Md5};

use super::encoding::equal;
use crate::accounts::hasher::stored::{Cost, HashKeys, Parsed, StoredHash, parsed};

/// Nanoseconds of a round.
const NANOS: u64 = 200;

const ALPHABET: &[u8; 64] = b"./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

struct PhpassHash {
    log_rounds: u32,
    salt: [u8; 8],
    output: [u8; 22],
}

pub(super) fn parse(stored: &str, _: &HashKeys) -> Option<Parsed> {
    let rest = stored
        .strip_prefix("$P$")
        .or_else(|| stored.strip_prefix("$H$"))?;
    Some(parsed(read(rest.as_bytes()), "phpass"))
}

fn read(rest: &[u8]) -> Option<PhpassHash> {
    let (first, rest) = rest.split_first()?;
    let position = ALPHABET.iter().position(|c| c == first)?;
    let (salt, output) = rest.split_at_checked(8)?;
    let is_encoded = output.iter().all(|c| ALPHABET.contains(c));
    let log_rounds = u32::try_from(position).ok()?;
    ((7..=30).contains(&log_rounds) && is_encoded).then_some(PhpassHash {
        log_rounds,
        salt: salt.try_into().ok()?,
        output: output.try_into().ok()?,
    })
}

/// Base64 as crypt has it: the lowest six bits first.
fn encode(digest: &[u8]) -> Vec<u8> {
    let mut text = Vec::new();
    for bytes in digest.chunks(3) {
        let value = (0..)
            .zip(bytes)
            .map(|(at, byte)| usize::from(*byte) << (8 * at));
        let value: usize = value.sum();
        text.extend((0..=bytes.len()).map(|at| ALPHABET[(value >> (6 * at)) & 63]));
    }
    text
}

impl StoredHash for PhpassHash {
    fn class(&self) -> String {
        format!("phpass {}", self.log_rounds)
    }

    fn cost(&self) -> Cost {
        Cost {
            nanos: NANOS << self.log_rounds,
            memory_kib: 0,
        }
    }

    fn matches(&self, password: &[u8], _: &mut Vec<Block>) -> anyhow::Result<bool> {
        let mut digest = Md5::new()
            .chain_update(self.salt)
            .chain_update(password)
            .finalize();
        for _ in 0..1_u64 << self.log_rounds {
            digest = Md5::new()
                .chain_update(digest)
                .chain_update(password)
                .finalize();
        }
        Ok(equal(&encode(&digest), &self.output))
    }
}
