//! The switches of the sandbox's Xsolla: how tokens are signed, how long they live, and what fails.

use super::token_faults::TokenFault;
use crate::secret::SecretInUse;
use crate::switches::{positions, settings};

positions! {
    /// How user JWTs are signed; a project uses one of the two.
    pub enum Signature {
        /// With the project's secret, the default of new projects.
        #[default]
        Hs256 = "HS256", "HS256, the project's secret";
        /// With the newest of the project's keys.
        Rs256 = "RS256", "RS256, the project's keys";
    }
}

positions! {
    /// How the Login API fails.
    pub enum Failure {
        /// Works.
        #[default]
        None = "none", "Normal";
        /// 503.
        Unavailable = "unavailable", "503";
        /// The right response, late by [`Settings::slow_milliseconds`].
        Slow = "slow", "Slow response";
        /// 200 with truncated JSON.
        Malformed = "malformed", "Broken JSON";
        /// 200 with many megabytes of valid JSON and no `Content-Length`.
        Huge = "huge", "Huge response";
        /// 200 with an empty list or an empty object.
        Empty = "empty", "Empty response";
    }
}

settings! {
    /// How user JWTs are signed.
    signature: Signature = Signature::Hs256;
    /// Which secret the project uses.
    secret: SecretInUse = SecretInUse::Configured;
    /// What is wrong with the next user JWTs, which are otherwise valid.
    token_fault: TokenFault = TokenFault::None;
    /// How the key list fails.
    keys: Failure = Failure::None;
    /// How the API's other endpoints fail.
    api: Failure = Failure::None;
    /// Lifetime of a new user JWT; Xsolla's default is a day.
    lifetime_seconds: u32 = 24 * 60 * 60;
    /// The delay of a slow response.
    slow_milliseconds: u32 = 12_000;
}

impl From<TokenFault> for SettingsChange {
    fn from(fault: TokenFault) -> Self {
        Self {
            token_fault: Some(fault),
            ..Self::default()
        }
    }
}

impl From<Signature> for SettingsChange {
    fn from(signature: Signature) -> Self {
        Self {
            signature: Some(signature),
            ..Self::default()
        }
    }
}
