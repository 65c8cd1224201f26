//! What all kinds of stored hashes have in common.

use argon2::Block;
use secrecy::SecretSlice;

/// A stored hash that would cost more than this is not computed, so that neither an import nor a damaged row can exhaust
/// the machine.
const MAX_MILLIS: u64 = 1000;
const MAX_MEMORY_KIB: u64 = 128 * 1024;

/// The hash of a password, as it is stored, with all that it takes to check one.
pub(in crate::accounts) trait StoredHash: Send + Sync {
    /// The kind and its parameters: two hashes of one class take the same work.
    fn class(&self) -> String;

    /// What it takes to check a password.
    fn cost(&self) -> Cost;

    /// Whether this is the hash of `password`. `memory` is for reuse.
    fn matches(&self, password: &[u8], memory: &mut Vec<Block>) -> anyhow::Result<bool>;
}

/// What a hash takes, on one core of a common server.
#[derive(Clone, Copy, Debug)]
pub(in crate::accounts) struct Cost {
    pub nanos: u64,
    pub memory_kib: u64,
}

impl Cost {
    /// # Errors
    /// [`HashProblem::TooCostly`].
    pub(super) fn check(self) -> Result<(), HashProblem> {
        let (millis, mib) = (self.nanos / 1_000_000, self.memory_kib / 1024);
        match millis > MAX_MILLIS || self.memory_kib > MAX_MEMORY_KIB {
            true => Err(HashProblem::TooCostly { millis, mib }),
            false => Ok(()),
        }
    }
}

/// What hashes of some kinds need besides the stored string.
#[derive(Clone, Debug, Default)]
pub(in crate::accounts) struct HashKeys {
    /// The key of a Firebase project, with which all its hashes are made.
    pub firebase_signer: Option<SecretSlice<u8>>,
}

/// Why a hash cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HashProblem {
    #[error("the password hash is of no known kind")]
    Unknown,
    #[error("the password hash looks like {0}, but is damaged")]
    Damaged(&'static str),
    #[error(
        "the password hash would take about {millis} ms and {mib} MiB to check, more than {MAX_MILLIS} ms or {} MiB",
        MAX_MEMORY_KIB / 1024
    )]
    TooCostly { millis: u64, mib: u64 },
    #[error("the password hash is of Firebase, and LATCHKEY_FIREBASE_SIGNER_KEY is not set")]
    SignerKeyMissing,
}

/// A hash that was read, or why it cannot be used.
pub(super) type Parsed = Result<Box<dyn StoredHash>, HashProblem>;

/// A hash that was read, or that it is damaged.
pub(super) fn parsed<T: StoredHash + 'static>(hash: Option<T>, kind: &'static str) -> Parsed {
    match hash {
        Some(hash) => Ok(Box::new(hash)),
        None => Err(HashProblem::Damaged(kind)),
    }
}
