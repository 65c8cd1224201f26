//! Stored password hashes: ours, and those that users bring from other systems. Each kind is a file and a line in
//! [`KINDS`].

mod argon2;
mod bcrypt;
mod encoding;
mod firebase;
mod pbkdf2;
mod phpass;
mod scrypt;
mod sha_crypt;

use super::stored::{HashKeys, HashProblem, Parsed};

pub(in crate::accounts) use argon2::Argon2Hash;
pub(in crate::accounts) use encoding::{decode, encode};
pub(in crate::accounts) use firebase::FirebaseHash;
pub(in crate::accounts) use pbkdf2::{Digest, Pbkdf2Hash};

/// Recognizes hashes of a kind; `None` if a string is of another one.
type Kind = fn(&str, &HashKeys) -> Option<Parsed>;

const KINDS: [Kind; 7] = [
    argon2::parse,
    bcrypt::parse,
    firebase::parse,
    pbkdf2::parse,
    phpass::parse,
    scrypt::parse,
    sha_crypt::parse,
];

/// Reads a stored hash.
///
/// # Errors
/// [`HashProblem`].
pub(in crate::accounts) fn parse(stored: &str, keys: &HashKeys) -> Parsed {
    let found = KINDS.iter().find_map(|kind| kind(stored, keys));
    let hash = found.unwrap_or(Err(HashProblem::Unknown))?;
    hash.cost().check()?;
    Ok(hash)
}

/// Whether a stored hash can be used.
///
/// # Errors
/// [`HashProblem`].
pub(in crate::accounts) fn check(stored: &str, keys: &HashKeys) -> Result<(), HashProblem> {
    parse(stored, keys).map(drop)
}

#[cfg(test)]
mod tests;
