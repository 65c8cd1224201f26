//! Encrypts a message under a random string, which is kept elsewhere than the ciphertext: neither reveals anything
//! alone.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use ring::{
    aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey},
    hkdf,
};

/// Encrypts `plain` under `secret`, which must be from [`random::token`](crate::random::token) and used once.
/// `binding` is not part of the result, but [`open`] needs the same. `None` if the cryptography library fails.
pub fn seal(secret: &str, binding: &str, plain: &[u8]) -> Option<String> {
    let mut bytes = plain.to_vec();
    let aad = Aad::from(binding.as_bytes());
    key(secret)?
        .seal_in_place_append_tag(nonce(), aad, &mut bytes)
        .ok()?;
    Some(URL_SAFE_NO_PAD.encode(bytes))
}

/// Decrypts a result of [`seal`]. `None` unless secret, binding and ciphertext belong together.
pub fn open(secret: &str, binding: &str, sealed: &str) -> Option<Vec<u8>> {
    let mut bytes = URL_SAFE_NO_PAD.decode(sealed).ok()?;
    let aad = Aad::from(binding.as_bytes());
    let plain = key(secret)?.open_in_place(nonce(), aad, &mut bytes).ok()?;
    Some(plain.to_vec())
}

fn key(secret: &str) -> Option<LessSafeKey> {
    let salt = hkdf::Salt::new(hkdf::HKDF_SHA256, b"latchkey seal");
    let secret = salt.extract(secret.as_bytes());
    let output = secret.expand(&[b"message"], &CHACHA20_POLY1305).ok()?;
    Some(LessSafeKey::new(UnboundKey::from(output)))
}

/// A constant nonce is safe here: every key encrypts a single message.
fn nonce() -> Nonce {
    Nonce::assume_unique_for_key([0; NONCE_LEN])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_opens_under_its_secret_and_binding_only() {
        let sealed = seal("secret", "binding", b"message").unwrap();
        assert_eq!(open("secret", "binding", &sealed).unwrap(), b"message");
        assert_eq!(open("secre", "binding", &sealed), None);
        assert_eq!(open("secret", "other", &sealed), None);
        assert_eq!(open("secret", "binding", &sealed[4..]), None);
        assert_eq!(open("secret", "binding", "not base64url!"), None);
    }
}
