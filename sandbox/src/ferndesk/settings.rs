//! The switches of the sandbox's Ferndesk: which contract it keeps, who may read, how it fails.

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
    /// The vendor's pages describe two generations of `identify`; a help centre may know either or both.
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
    /// The generations that are understood, in the order they are looked for.
    pub(super) fn generations(self) -> &'static [Generation] {
        match self {
            Self::Classic => &[CLASSIC],
            Self::Current => &[CURRENT],
            Self::Both => &[CLASSIC, CURRENT],
        }
    }
}

positions! {
    /// A way for the identify call to fail.
    pub enum Failure {
        /// Works.
        #[default]
        None = "none", "Works";
        /// 500.
        ServerError = "server_error", "500";
        /// The right answer, too late: see [`Settings::slow_milliseconds`].
        Slow = "slow", "Slow answer";
        /// 200 with JSON that breaks off.
        Malformed = "malformed", "Broken JSON";
    }
}

settings! {
    /// The generation of `identify` that is understood.
    contract: Contract = Contract::Both;
    /// What the identify call does wrong.
    failure: Failure = Failure::None;
    /// The secret that tokens have to be signed with. There is one at a time, as with the vendor.
    secret: SecretInUse = SecretInUse::Configured;
    /// Whether only identified visitors read the help centre.
    private: bool = false;
    /// How late a slow answer comes.
    slow_milliseconds: u32 = 12_000;
}
