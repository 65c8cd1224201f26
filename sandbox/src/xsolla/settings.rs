//! The switches of the sandbox's Xsolla: how tokens are signed, how long they live, and what goes wrong.

use super::token_faults::TokenFault;
use crate::secret::SecretInUse;
use crate::switches::{positions, settings};

positions! {
    /// How user JWTs are signed; a project has one of the two.
    pub enum Signature {
        /// With the project's secret, as new projects do.
        #[default]
        Hs256 = "HS256", "HS256, the project's secret";
        /// With the newest of the project's keys.
        Rs256 = "RS256", "RS256, the project's keys";
    }
}

positions! {
    /// A way for the Login API to fail.
    pub enum Failure {
        /// Works.
        #[default]
        None = "none", "Normal";
        /// 503.
        Unavailable = "unavailable", "503";
        /// The right answer, too late: see [`Settings::slow_milliseconds`].
        Slow = "slow", "Slow answer";
        /// 200 with JSON that breaks off.
        Malformed = "malformed", "Broken JSON";
        /// 200 with valid JSON of many megabytes and no length announced.
        Huge = "huge", "Huge answer";
        /// 200 with nothing in it: an empty list, or an empty object.
        Empty = "empty", "Empty answer";
    }
}

settings! {
    /// How user JWTs are signed.
    signature: Signature = Signature::Hs256;
    /// The project's secret, which can be reset.
    secret: SecretInUse = SecretInUse::Configured;
    /// What is wrong with the next user JWTs, everything else about them being right.
    token_fault: TokenFault = TokenFault::None;
    /// What the key list does wrong.
    keys: Failure = Failure::None;
    /// What the API's other endpoints do wrong.
    api: Failure = Failure::None;
    /// Life of a new user JWT; Xsolla's default is a day.
    lifetime_seconds: u32 = 24 * 60 * 60;
    /// How late a slow answer comes.
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
