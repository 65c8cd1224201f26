//! Keys and tokens: what is compared in constant time, and shown and logged nowhere.

use std::fmt;

use jsonwebtoken::DecodingKey;
use subtle::ConstantTimeEq;

use crate::random::random;
use crate::switches::positions;

/// A key or a token that shows up in no log and no `Debug` output. It has no `==`, whose time tells how much
/// of a guess is right:
///
/// ```
/// let secret = sandbox::Secret::from("a key");
/// assert!(secret.is("a key") && !secret.is("a kez"));
/// ```
///
/// ```compile_fail
/// let secret = sandbox::Secret::from("a key");
/// assert!(secret == sandbox::Secret::from("a key"));
/// ```
#[derive(Clone)]
pub struct Secret(String);

impl Secret {
    /// Whether `guess` is the secret, in a time that depends on nothing but the guess's length.
    pub fn is(&self, guess: &str) -> bool {
        self.0.as_bytes().ct_eq(guess.as_bytes()).into()
    }

    /// The secret itself, to be signed with or given to its owner, and never to be written anywhere else.
    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }

    /// The key that checks what was signed with this secret by HMAC.
    pub(crate) fn hmac_key(&self) -> DecodingKey {
        DecodingKey::from_secret(self.0.as_bytes())
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

positions! {
    /// Which of two secrets a vendor takes: a dashboard can replace the one that hosts were given.
    pub enum SecretInUse {
        /// The one this sandbox was started with.
        #[default]
        Configured = "configured", "As configured";
        /// A new one that no host knows: whatever needs the old one is refused.
        Replaced = "replaced", "Replaced by a new one";
    }
}

/// A secret and the one that takes its place.
pub(crate) struct Replaceable {
    configured: Secret,
    new: Secret,
}

impl Replaceable {
    /// # Errors
    /// A failure of the system's random generator.
    pub(crate) fn new(configured: &Secret) -> anyhow::Result<Self> {
        Ok(Self {
            configured: configured.clone(),
            new: random()?.as_str().into(),
        })
    }

    pub(crate) fn at(&self, position: SecretInUse) -> &Secret {
        match position {
            SecretInUse::Configured => &self.configured,
            SecretInUse::Replaced => &self.new,
        }
    }
}
