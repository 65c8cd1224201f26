//! The switches of the sandbox's Knoon: how it fails, how it writes times, how long credentials live.

use serde::{Deserialize, Serialize};

use crate::clock::rfc3339;
use crate::secret::SecretInUse;

/// A way for the credentials API to fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Failure {
    /// Works.
    #[default]
    None,
    /// 401, as if the API key had been revoked.
    Unauthorized,
    /// 400, whatever the body says.
    BadRequest,
    /// 500.
    ServerError,
    /// The right answer, too late: see [`Settings::slow_milliseconds`].
    Slow,
    /// 200 with `{"data":null}`.
    Empty,
    /// 200 with JSON that breaks off.
    Malformed,
    /// 200 with valid JSON of many megabytes and no length announced.
    Huge,
}

impl Failure {
    /// Every switch position with its code and what it means.
    pub(super) const ALL: [(Self, &'static str, &'static str); 8] = [
        (Self::None, "none", "Works"),
        (Self::Unauthorized, "unauthorized", "401, key revoked"),
        (Self::BadRequest, "bad_request", "400"),
        (Self::ServerError, "server_error", "500"),
        (Self::Slow, "slow", "Slow answer"),
        (Self::Empty, "empty", "No credential"),
        (Self::Malformed, "malformed", "Broken JSON"),
        (Self::Huge, "huge", "Huge answer"),
    ];
}

/// How `expiresAt` is written; clients have to understand all three.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExpiresAtFormat {
    #[default]
    Seconds,
    Milliseconds,
    Iso,
}

impl ExpiresAtFormat {
    pub(super) const ALL: [(Self, &'static str, &'static str); 3] = [
        (Self::Seconds, "seconds", "Unix seconds"),
        (Self::Milliseconds, "milliseconds", "Unix milliseconds"),
        (Self::Iso, "iso", "ISO date"),
    ];

    /// Writes a time given in seconds since the Unix epoch.
    pub(super) fn write(self, seconds: u64) -> serde_json::Value {
        match self {
            Self::Seconds => seconds.into(),
            Self::Milliseconds => seconds.saturating_mul(1000).into(),
            Self::Iso => rfc3339(seconds).into(),
        }
    }
}

/// The position of every switch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Settings {
    /// What the credentials API does wrong.
    pub failure: Failure,
    /// The host's API key, which can be revoked for a new one.
    pub api_key: SecretInUse,
    /// How `expiresAt` is written.
    pub expires_at: ExpiresAtFormat,
    /// Life of a new credential; 0 gives credentials that are expired when they arrive.
    pub lifetime_seconds: u32,
    /// How late a slow answer comes.
    pub slow_milliseconds: u32,
    /// Hides the widget's own "Sign out" button.
    pub block_sign_out: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            failure: Failure::None,
            api_key: SecretInUse::Configured,
            expires_at: ExpiresAtFormat::Seconds,
            lifetime_seconds: 600,
            slow_milliseconds: 12_000,
            block_sign_out: false,
        }
    }
}

/// The switches to move; those left out stay where they are.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SettingsChange {
    pub failure: Option<Failure>,
    pub api_key: Option<SecretInUse>,
    pub expires_at: Option<ExpiresAtFormat>,
    pub lifetime_seconds: Option<u32>,
    pub slow_milliseconds: Option<u32>,
    pub block_sign_out: Option<bool>,
}

impl Settings {
    pub(super) fn apply(&mut self, change: &SettingsChange) {
        self.failure = change.failure.unwrap_or(self.failure);
        self.api_key = change.api_key.unwrap_or(self.api_key);
        self.expires_at = change.expires_at.unwrap_or(self.expires_at);
        self.lifetime_seconds = change.lifetime_seconds.unwrap_or(self.lifetime_seconds);
        self.slow_milliseconds = change.slow_milliseconds.unwrap_or(self.slow_milliseconds);
        self.block_sign_out = change.block_sign_out.unwrap_or(self.block_sign_out);
    }
}
