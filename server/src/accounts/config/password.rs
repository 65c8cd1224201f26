//! Rules for passwords and the cost of hashing them.

use std::thread::available_parallelism;

use base64::{Engine, engine::general_purpose::STANDARD};
use secrecy::{ExposeSecret, SecretSlice};

use crate::{accounts::hasher::HashKeys, config::Source};

/// Length limits of passwords, and the cost of one hash.
#[derive(Clone, Debug)]
pub struct PasswordConfig {
    /// `LATCHKEY_PASSWORD_MIN`: minimum length in code points. NIST SP 800-63B-4 requires 15 where the
    /// password is the only factor.
    pub min_length: usize,
    /// `LATCHKEY_PASSWORD_MAX`: maximum length in code points.
    pub max_length: usize,
    /// `LATCHKEY_ARGON2_MEMORY_KIB`: memory of one hash in KiB.
    pub memory_kib: u32,
    /// `LATCHKEY_ARGON2_PASSES`: passes over that memory.
    pub passes: u32,
    /// `LATCHKEY_HASH_THREADS`: number of hashing threads, which run at the lowest priority.
    pub threads: usize,
    /// `LATCHKEY_HASH_QUEUE`: hashes that may wait for a thread; beyond that, users are asked to try again
    /// later.
    pub queue: usize,
    /// `LATCHKEY_FIREBASE_SIGNER_KEY`: the key of the Firebase project from which users were imported, without which their
    /// passwords cannot be checked.
    pub firebase_signer_key: Option<SecretSlice<u8>>,
}

impl PasswordConfig {
    pub(crate) fn from_source(source: &Source) -> Self {
        let cores = available_parallelism().map_or(1, |cores| cores.get() as u64);
        Self {
            min_length: source.number("LATCHKEY_PASSWORD_MIN", 15, 8..=64) as usize,
            max_length: source.number("LATCHKEY_PASSWORD_MAX", 128, 64..=1024) as usize,
            memory_kib: source.number("LATCHKEY_ARGON2_MEMORY_KIB", 19_456, 7_168..=65_536) as u32,
            passes: source.number("LATCHKEY_ARGON2_PASSES", 2, 1..=10) as u32,
            threads: source.number("LATCHKEY_HASH_THREADS", cores.min(4), 1..=64) as usize,
            queue: source.number("LATCHKEY_HASH_QUEUE", 32, 1..=1024) as usize,
            firebase_signer_key: firebase_signer_key(source),
        }
    }
}

impl PasswordConfig {
    /// What hashes of some kinds need.
    pub(in crate::accounts) fn hash_keys(&self) -> HashKeys {
        HashKeys {
            firebase_signer: self.firebase_signer_key.clone(),
        }
    }
}

fn firebase_signer_key(source: &Source) -> Option<SecretSlice<u8>> {
    const NAME: &str = "LATCHKEY_FIREBASE_SIGNER_KEY";
    let text = source.secret(NAME)?;
    let key = STANDARD.decode(text.expose_secret().trim());
    let key = key.ok().filter(|key| key.len() == 64);
    if key.is_none() {
        source.problem(
            NAME,
            "must be the `base64_signer_key` of the project's password hash parameters: 64 bytes in base64",
        );
    }
    key.map(Into::into)
}
