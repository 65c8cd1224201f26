//! Random values from the operating system, and the hash under which they are stored.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};

/// Fills an array from the operating system's generator.
///
/// # Panics
/// If the operating system provides no random bytes, without which nothing is secure.
#[expect(
    clippy::expect_used,
    reason = "a server without randomness must stop, not go on"
)]
pub fn bytes<const N: usize>() -> [u8; N] {
    let mut buffer = [0; N];
    getrandom::fill(&mut buffer).expect("the operating system gives randomness");
    buffer
}

/// A random secret of 256 bits, in 43 URL-safe characters.
pub fn token() -> String {
    URL_SAFE_NO_PAD.encode(bytes::<32>())
}

/// A new user id: 32 lowercase hex characters, which every vendor's rules for external ids allow.
pub fn uid() -> String {
    base16ct::lower::encode_string(&bytes::<16>())
}

/// The hash of a secret, stored in its place so that a leaked database contains no usable secrets.
///
/// A fast hash suffices for long random values; passwords need argon2.
pub fn fingerprint(secret: &str) -> String {
    base16ct::lower::encode_string(&Sha256::digest(secret.as_bytes()))
}
