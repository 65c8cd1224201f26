//! The switches of the sandbox's Knoon: how it fails, how it formats times, how long credentials live.

use crate::clock::rfc3339;
use crate::secret::SecretInUse;
use crate::switches::{positions, settings};

positions! {
    /// How the credentials API fails.
    pub enum Failure {
        /// Works.
        #[default]
        None = "none", "Works";
        /// 401, as if the API key had been revoked.
        Unauthorized = "unauthorized", "401, key revoked";
        /// 400 to every body.
        BadRequest = "bad_request", "400";
        /// 500.
        ServerError = "server_error", "500";
        /// The right response, late by [`Settings::slow_milliseconds`].
        Slow = "slow", "Slow response";
        /// 200 with `{"data":null}`.
        Empty = "empty", "No credential";
        /// 200 with a token that is too long for a cookie.
        Long = "long", "Token too long";
        /// 200 with truncated JSON.
        Malformed = "malformed", "Broken JSON";
        /// 200 with many megabytes of valid JSON and no `Content-Length`.
        Huge = "huge", "Huge response";
    }
}

positions! {
    /// The format of `expiresAt`; clients have to accept all of them.
    pub enum ExpiresAtFormat {
        #[default]
        Seconds = "seconds", "Unix seconds";
        Milliseconds = "milliseconds", "Unix milliseconds";
        Iso = "iso", "ISO date";
        IsoOffset = "iso_offset", "ISO date of another time zone";
        IsoWithoutZone = "iso_without_zone", "ISO date in UTC that does not say so";
    }
}

impl ExpiresAtFormat {
    /// Formats a time in seconds since the Unix epoch.
    pub(super) fn write(self, seconds: u64) -> serde_json::Value {
        match self {
            Self::Seconds => seconds.into(),
            Self::Milliseconds => seconds.saturating_mul(1000).into(),
            Self::Iso => rfc3339(seconds).into(),
            Self::IsoWithoutZone => rfc3339(seconds).trim_end_matches('Z').into(),
            Self::IsoOffset => {
                let two_hours_ahead = rfc3339(seconds.saturating_add(2 * 60 * 60));
                two_hours_ahead.replace('Z', "+02:00").into()
            }
        }
    }
}

settings! {
    /// How the credentials API fails.
    failure: Failure = Failure::None;
    /// Which API key of the host is valid; a new one revokes the old one.
    api_key: SecretInUse = SecretInUse::Configured;
    /// The format of `expiresAt`.
    expires_at: ExpiresAtFormat = ExpiresAtFormat::Seconds;
    /// Lifetime of a new credential; with 0, credentials have expired when they arrive.
    lifetime_seconds: u32 = 600;
    /// The delay of a slow response.
    slow_milliseconds: u32 = 12_000;
    /// Hides the widget's own "Sign out" button.
    block_sign_out: bool = false;
}
