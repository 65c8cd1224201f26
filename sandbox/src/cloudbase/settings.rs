//! The switches of the sandbox's CloudBase: how the gateway fails, and what the environment allows.

use serde::{Deserialize, Serialize};

/// A way for the gateway to fail, at all of its endpoints.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Failure {
    /// Works.
    #[default]
    None,
    /// 500, whatever the request says.
    ServerError,
    /// The right answer, too late: see [`Settings::slow_milliseconds`].
    Slow,
    /// 200 with JSON that breaks off.
    Malformed,
}

impl Failure {
    /// Every switch position with its code and what it means.
    pub(super) const ALL: [(Self, &'static str, &'static str); 4] = [
        (Self::None, "none", "Works"),
        (Self::ServerError, "server_error", "500"),
        (Self::Slow, "slow", "Slow answer"),
        (Self::Malformed, "malformed", "Broken JSON"),
    ];
}

/// The position of every switch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Settings {
    /// What the gateway does wrong.
    pub failure: Failure,
    /// Whether "Custom Login" is enabled among the environment's login methods.
    pub custom_login: bool,
    /// Whether a ticket may be used again while it lives. What the vendor does is not documented.
    pub allow_replay: bool,
    /// Life of a new access token; with 0 the SDK drops it.
    pub access_token_seconds: u32,
    /// How long a key goes on after it was replaced; the vendor's two hours.
    pub key_grace_seconds: u32,
    /// How late a slow answer comes.
    pub slow_milliseconds: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            failure: Failure::None,
            custom_login: true,
            allow_replay: true,
            access_token_seconds: 7200,
            key_grace_seconds: 7200,
            slow_milliseconds: 12_000,
        }
    }
}

/// The switches to move; those left out stay where they are.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SettingsChange {
    pub failure: Option<Failure>,
    pub custom_login: Option<bool>,
    pub allow_replay: Option<bool>,
    pub access_token_seconds: Option<u32>,
    pub key_grace_seconds: Option<u32>,
    pub slow_milliseconds: Option<u32>,
}

impl Settings {
    pub(super) fn apply(&mut self, change: &SettingsChange) {
        self.failure = change.failure.unwrap_or(self.failure);
        self.custom_login = change.custom_login.unwrap_or(self.custom_login);
        self.allow_replay = change.allow_replay.unwrap_or(self.allow_replay);
        self.access_token_seconds = change
            .access_token_seconds
            .unwrap_or(self.access_token_seconds);
        self.key_grace_seconds = change.key_grace_seconds.unwrap_or(self.key_grace_seconds);
        self.slow_milliseconds = change.slow_milliseconds.unwrap_or(self.slow_milliseconds);
    }
}
