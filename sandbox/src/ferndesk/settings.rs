//! The switches of the sandbox's Ferndesk: which contract it keeps, who may read, how it fails.

use serde::{Deserialize, Serialize};

use crate::secret::SecretInUse;

/// One generation of the contract: how `identify` is called, and the claim that holds the user's id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Generation {
    pub(super) parameter: &'static str,
    pub(super) id_claim: &'static str,
}

const CLASSIC: Generation = Generation {
    parameter: "token",
    id_claim: "userId",
};
const CURRENT: Generation = Generation {
    parameter: "jwt",
    id_claim: "sub",
};

/// The vendor's pages describe two generations of `identify`; a help centre may know either or both.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Contract {
    /// `identify({ token })` with the claim `userId`.
    Classic,
    /// `identify({ jwt })` with the claim `sub`.
    Current,
    /// Whichever the page calls.
    #[default]
    Both,
}

impl Contract {
    pub(super) const ALL: [(Self, &'static str, &'static str); 3] = [
        (Self::Both, "both", "Both"),
        (Self::Classic, "classic", "token with userId"),
        (Self::Current, "current", "jwt with sub"),
    ];

    /// The generations that are understood, in the order they are looked for.
    pub(super) fn generations(self) -> &'static [Generation] {
        match self {
            Self::Classic => &[CLASSIC],
            Self::Current => &[CURRENT],
            Self::Both => &[CLASSIC, CURRENT],
        }
    }
}

/// A way for the identify call to fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Failure {
    /// Works.
    #[default]
    None,
    /// 500.
    ServerError,
    /// The right answer, too late: see [`Settings::slow_milliseconds`].
    Slow,
    /// 200 with JSON that breaks off.
    Malformed,
}

impl Failure {
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
    /// The generation of `identify` that is understood.
    pub contract: Contract,
    /// What the identify call does wrong.
    pub failure: Failure,
    /// The secret that tokens have to be signed with. There is one at a time, as with the vendor.
    pub secret: SecretInUse,
    /// Whether only identified visitors read the help centre.
    pub private: bool,
    /// How late a slow answer comes.
    pub slow_milliseconds: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            contract: Contract::default(),
            failure: Failure::default(),
            secret: SecretInUse::default(),
            private: false,
            slow_milliseconds: 12_000,
        }
    }
}

/// The switches to move; those left out stay where they are.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SettingsChange {
    pub contract: Option<Contract>,
    pub failure: Option<Failure>,
    pub secret: Option<SecretInUse>,
    pub private: Option<bool>,
    pub slow_milliseconds: Option<u32>,
}

impl Settings {
    pub(super) fn apply(&mut self, change: &SettingsChange) {
        self.contract = change.contract.unwrap_or(self.contract);
        self.failure = change.failure.unwrap_or(self.failure);
        self.secret = change.secret.unwrap_or(self.secret);
        self.private = change.private.unwrap_or(self.private);
        self.slow_milliseconds = change.slow_milliseconds.unwrap_or(self.slow_milliseconds);
    }
}
