//! The switches of the sandbox's CloudBase: how the gateway fails, and what the environment allows.

use crate::switches::{positions, settings};

positions! {
    /// How the gateway fails, at all of its endpoints.
    pub enum Failure {
        /// Works.
        #[default]
        None = "none", "Works";
        /// 500 to every request.
        ServerError = "server_error", "500";
        /// 502 with a page of the proxy in front, which the SDK reports as `unreachable` after three attempts.
        BadGateway = "bad_gateway", "502, HTML";
        /// The right response, late by [`Settings::slow_milliseconds`].
        Slow = "slow", "Slow response";
        /// 200 with truncated JSON.
        Malformed = "malformed", "Broken JSON";
    }
}

settings! {
    /// How the gateway fails.
    failure: Failure = Failure::None;
    /// Whether "Custom Login" is enabled among the environment's login methods.
    custom_login: bool = true;
    /// Whether a ticket may be used again while it lives. What the vendor does is not documented.
    allow_replay: bool = true;
    /// Lifetime of a new access token; the SDK drops a token whose lifetime is 0.
    access_token_seconds: u32 = 7200;
    /// How long a replaced key is still accepted; two hours, as at the vendor.
    key_grace_seconds: u32 = 7200;
    /// The delay of a slow response.
    slow_milliseconds: u32 = 12_000;
}
