//! The switches of the sandbox's Ferndesk: which contract it follows, who may read, how it fails.

use crate::secret::SecretInUse;
use crate::switches::{positions, settings};

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

positions! {
    /// The vendor's pages describe two generations of `identify`; a help center may know either or both.
    pub enum Contract {
        /// Whichever the page calls.
        #[default]
        Both = "both", "Both";
        /// `identify({ token })` with the claim `userId`.
        Classic = "classic", "token with userId";
        /// `identify({ jwt })` with the claim `sub`.
        Current = "current", "jwt with sub";
    }
}

impl Contract {
    /// The generations that are accepted, in the order in which they are tried.
    pub(super) fn generations(self) -> &'static [Generation] {
        match self {
            Self::Classic => &[CLASSIC],
            Self::Current => &[CURRENT],
            Self::Both => &[CLASSIC, CURRENT],
        }
    }
}

positions! {
    /// How the identify call fails.
    pub enum Failure {
        /// Works.
        #[default]
        None = "none", "Works";
        /// 500.
        ServerError = "server_error", "500";
        /// The right response, late by [`Settings::slow_milliseconds`].
        Slow = "slow", "Slow response";
        /// 200 with truncated JSON.
        Malformed = "malformed", "Broken JSON";
    }
}

settings! {
    /// The generations of `identify` that are accepted.
    contract: Contract = Contract::Both;
    /// How the identify call fails.
    failure: Failure = Failure::None;
    /// The secret that tokens have to be signed with. Only one is valid at a time, as at the vendor.
    secret: SecretInUse = SecretInUse::Configured;
    /// Whether only identified visitors may read the help center.
    private: bool = false;
    /// The delay of a slow response.
    slow_milliseconds: u32 = 12_000;
}
