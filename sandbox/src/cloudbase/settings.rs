//! The switches of the sandbox's CloudBase: how the gateway fails, and what the environment allows.

use crate::switches::{positions, settings};

positions! {
    /// A way for the gateway to fail, at all of its endpoints.
    pub enum Failure {
        /// Works.
        #[default]
        None = "none", "Works";
        /// 500, whatever the request says.
        ServerError = "server_error", "500";
        /// The right answer, too late: see [`Settings::slow_milliseconds`].
        Slow = "slow", "Slow answer";
        /// 200 with JSON that breaks off.
        Malformed = "malformed", "Broken JSON";
    }
}

settings! {
    /// What the gateway does wrong.
    failure: Failure = Failure::None;
    /// Whether "Custom Login" is enabled among the environment's login methods.
    custom_login: bool = true;
    /// Whether a ticket may be used again while it lives. What the vendor does is not documented.
    allow_replay: bool = true;
    /// Life of a new access token; with 0 the SDK drops it.
    access_token_seconds: u32 = 7200;
    /// How long a key goes on after it was replaced; the vendor's two hours.
    key_grace_seconds: u32 = 7200;
    /// How late a slow answer comes.
    slow_milliseconds: u32 = 12_000;
}
