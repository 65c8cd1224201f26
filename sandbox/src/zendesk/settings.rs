//! The switches of the sandbox's Zendesk: how each API fails, the error of its clock, the format of visitors.

use serde_json::Value;

use crate::clock::rfc3339;
use crate::switches::{positions, settings};

positions! {
    /// How one of the APIs fails.
    pub enum Failure {
        /// Works.
        #[default]
        None = "none", "Works";
        /// 500.
        ServerError = "server_error", "500";
        /// The right response, late by [`Settings::slow_milliseconds`].
        Slow = "slow", "Slow response";
        /// 200 with `{}`.
        Empty = "empty", "Empty object";
        /// 200 with truncated JSON.
        Malformed = "malformed", "Broken JSON";
        /// 200 with many megabytes of valid JSON and no `Content-Length`.
        Huge = "huge", "Huge response";
    }
}

positions! {
    /// The format of `id` in the Visitors API; Zendesk's documentation shows all three.
    pub enum VisitorIdFormat {
        /// Such as `"9855790.xjj3ukxyIhn6j3"`.
        #[default]
        Dotted = "dotted", "\"9855790.xjj3ukxyIhn6j3\"";
        /// Such as `"1"`.
        Text = "text", "\"1\"";
        /// Such as `1`.
        Integer = "integer", "1";
    }
}

positions! {
    /// The format of `created` in the Visitors API; Zendesk's documentation shows both.
    pub enum CreatedFormat {
        #[default]
        Seconds = "seconds", "Unix seconds";
        Iso = "iso", "ISO date";
    }
}

impl CreatedFormat {
    /// Formats a time in seconds since the Unix epoch.
    pub(super) fn write(self, seconds: u64) -> Value {
        match self {
            Self::Seconds => seconds.into(),
            Self::Iso => rfc3339(seconds).into(),
        }
    }
}

positions! {
    /// What the OAuth token of the Visitors API may do.
    pub enum ApiScope {
        #[default]
        ReadWrite = "read_write", "read write";
        Read = "read", "read";
        /// Neither: the scope of a client that may only chat.
        Chat = "chat", "chat";
    }
}

impl ApiScope {
    pub(super) fn may_read(self) -> bool {
        self != Self::Chat
    }

    pub(super) fn may_write(self) -> bool {
        self == Self::ReadWrite
    }
}

settings! {
    /// How Chat's token exchange fails.
    chat_failure: Failure = Failure::None;
    /// How the Visitors API fails.
    visitors_failure: Failure = Failure::None;
    /// How Messaging's login fails.
    messaging_failure: Failure = Failure::None;
    /// The delay of a slow response.
    slow_milliseconds: u32 = 12_000;
    /// How many seconds Zendesk's clock, which decides about `iat` and `exp` of the hosts' tokens, is fast.
    clock_offset_seconds: i32 = 0;
    /// Lifetime of an `id_token`; the Web SDK renews it in its last minute.
    id_token_lifetime_seconds: u32 = 7200;
    /// The format of a visitor's `id`.
    visitor_id: VisitorIdFormat = VisitorIdFormat::Dotted;
    /// The format of a visitor's `created`.
    created: CreatedFormat = CreatedFormat::Seconds;
    /// What the OAuth token of the Visitors API may do.
    api_scope: ApiScope = ApiScope::ReadWrite;
    /// Whether the Messaging signing key is active; tokens of an inactive one are refused.
    messaging_key_active: bool = true;
}
