//! Keys and tokens: compared in constant time, and never shown or logged.

use std::fmt;

use jsonwebtoken::DecodingKey;
use subtle::ConstantTimeEq;

use crate::jwt::Fault;
use crate::random::random;
use crate::switches::positions;

/// A key or a token that `Debug` output, and so any log, leaves out. It has no `==`, whose timing would
/// reveal how much of a guess is right:
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
    /// Whether `guess` is the secret, in a time that depends only on the two lengths.
    pub fn is(&self, guess: &str) -> bool {
        self.0.as_bytes().ct_eq(guess.as_bytes()).into()
    }

    /// The secret itself. Only sign with it or send it to its owner.
    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }

    /// The key that verifies HMAC signatures made with this secret.
    ///
    /// # Errors
    /// [`Fault::BadSignature`] if the secret is empty.
    pub(crate) fn hmac_key(&self) -> Result<DecodingKey, Fault> {
        DecodingKey::from_secret(self.0.as_bytes()).map_err(|_| Fault::BadSignature)
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
    /// Which of two secrets the vendor accepts, since an administrator can replace a secret in the dashboard.
    pub enum SecretInUse {
        /// The one this sandbox was started with.
        #[default]
        Configured = "configured", "As configured";
        /// A new one that no host knows, so requests and tokens made with the old one are refused.
        Replaced = "replaced", "Replaced by a new one";
    }
}

/// A secret and its replacement.
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
