//! The switches of the sandbox's Knoon: how it fails, how it writes times, how long credentials live.

use crate::clock::rfc3339;
use crate::secret::SecretInUse;
use crate::switches::{positions, settings};

positions! {
    /// A way for the credentials API to fail.
    pub enum Failure {
        /// Works.
        #[default]
        None = "none", "Works";
        /// 401, as if the API key had been revoked.
        Unauthorized = "unauthorized", "401, key revoked";
        /// 400, whatever the body says.
        BadRequest = "bad_request", "400";
        /// 500.
        ServerError = "server_error", "500";
        /// The right answer, too late: see [`Settings::slow_milliseconds`].
        Slow = "slow", "Slow answer";
        /// 200 with `{"data":null}`.
        Empty = "empty", "No credential";
        /// 200 with JSON that breaks off.
        Malformed = "malformed", "Broken JSON";
        /// 200 with valid JSON of many megabytes and no length announced.
        Huge = "huge", "Huge answer";
    }
}

positions! {
    /// How `expiresAt` is written; clients have to understand each.
    pub enum ExpiresAtFormat {
        #[default]
        Seconds = "seconds", "Unix seconds";
        Milliseconds = "milliseconds", "Unix milliseconds";
        Iso = "iso", "ISO date";
        IsoOffset = "iso_offset", "ISO date of another time zone";
    }
}

impl ExpiresAtFormat {
    /// Writes a time given in seconds since the Unix epoch.
    pub(super) fn write(self, seconds: u64) -> serde_json::Value {
        match self {
            Self::Seconds => seconds.into(),
            Self::Milliseconds => seconds.saturating_mul(1000).into(),
            Self::Iso => rfc3339(seconds).into(),
            Self::IsoOffset => {
                let two_hours_ahead = rfc3339(seconds.saturating_add(2 * 60 * 60));
                two_hours_ahead.replace('Z', "+02:00").into()
            }
        }
    }
}

settings! {
    /// What the credentials API does wrong.
    failure: Failure = Failure::None;
    /// The host's API key, which can be revoked for a new one.
    api_key: SecretInUse = SecretInUse::Configured;
    /// How `expiresAt` is written.
    expires_at: ExpiresAtFormat = ExpiresAtFormat::Seconds;
    /// Life of a new credential; 0 gives credentials that are expired when they arrive.
    lifetime_seconds: u32 = 600;
    /// How late a slow answer comes.
    slow_milliseconds: u32 = 12_000;
    /// Hides the widget's own "Sign out" button.
    block_sign_out: bool = false;
}
