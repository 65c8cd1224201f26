//! The switches of the sandbox's Xsolla: how tokens are signed, how long they live, and what goes wrong.

use serde::{Deserialize, Serialize};

use super::token_faults::TokenFault;
use crate::secret::SecretInUse;

/// How user JWTs are signed; a project has one of the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Signature {
    /// With the project's secret, as new projects do.
    #[default]
    #[serde(rename = "HS256")]
    Hs256,
    /// With the newest of the project's keys.
    #[serde(rename = "RS256")]
    Rs256,
}

impl Signature {
    /// Both positions, their codes, and what they mean.
    pub(super) const ALL: [(Self, &'static str, &'static str); 2] = [
        (Self::Hs256, "HS256", "HS256, the project's secret"),
        (Self::Rs256, "RS256", "RS256, the project's keys"),
    ];
}

/// A way for the Login API to fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Failure {
    /// Works.
    #[default]
    None,
    /// 503.
    Unavailable,
    /// The right answer, too late: see [`Settings::slow_milliseconds`].
    Slow,
    /// 200 with JSON that breaks off.
    Malformed,
    /// 200 with valid JSON of many megabytes and no length announced.
    Huge,
    /// 200 with nothing in it: an empty list, or an empty object.
    Empty,
}

impl Failure {
    /// Every position, its code, and what it does.
    pub const ALL: [(Self, &'static str, &'static str); 6] = [
        (Self::None, "none", "As it should be"),
        (Self::Unavailable, "unavailable", "503"),
        (Self::Slow, "slow", "Slow answer"),
        (Self::Malformed, "malformed", "Broken JSON"),
        (Self::Huge, "huge", "Huge answer"),
        (Self::Empty, "empty", "Empty answer"),
    ];
}

/// The position of every switch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Settings {
    /// How user JWTs are signed.
    pub signature: Signature,
    /// The project's secret, which can be reset.
    pub secret: SecretInUse,
    /// What is wrong with the next user JWTs, everything else about them being right.
    pub token_fault: TokenFault,
    /// What the key list does wrong.
    pub keys: Failure,
    /// What the API's other endpoints do wrong.
    pub api: Failure,
    /// Life of a new user JWT; Xsolla's default is a day.
    pub lifetime_seconds: u32,
    /// How late a slow answer comes.
    pub slow_milliseconds: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            signature: Signature::Hs256,
            secret: SecretInUse::Configured,
            token_fault: TokenFault::None,
            keys: Failure::None,
            api: Failure::None,
            lifetime_seconds: 24 * 60 * 60,
            slow_milliseconds: 12_000,
        }
    }
}

/// The switches to move; those left out stay where they are.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SettingsChange {
    pub signature: Option<Signature>,
    pub secret: Option<SecretInUse>,
    pub token_fault: Option<TokenFault>,
    pub keys: Option<Failure>,
    pub api: Option<Failure>,
    pub lifetime_seconds: Option<u32>,
    pub slow_milliseconds: Option<u32>,
}

impl Settings {
    pub(super) fn apply(&mut self, change: &SettingsChange) {
        self.signature = change.signature.unwrap_or(self.signature);
        self.secret = change.secret.unwrap_or(self.secret);
        self.token_fault = change.token_fault.unwrap_or(self.token_fault);
        self.keys = change.keys.unwrap_or(self.keys);
        self.api = change.api.unwrap_or(self.api);
        self.lifetime_seconds = change.lifetime_seconds.unwrap_or(self.lifetime_seconds);
        self.slow_milliseconds = change.slow_milliseconds.unwrap_or(self.slow_milliseconds);
    }
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
