//! The switches of the sandbox's Zendesk: how each API fails, how far its clock is off, how it writes visitors.

use serde_json::Value;

use crate::clock::rfc3339;
use crate::switches::{positions, settings};

positions! {
    /// A way for one of the APIs to fail.
    pub enum Failure {
        /// Works.
        #[default]
        None = "none", "Works";
        /// 500.
        ServerError = "server_error", "500";
        /// The right answer, too late: see [`Settings::slow_milliseconds`].
        Slow = "slow", "Slow answer";
        /// 200 with `{}`.
        Empty = "empty", "Empty object";
        /// 200 with JSON that breaks off.
        Malformed = "malformed", "Broken JSON";
        /// 200 with valid JSON of many megabytes and no length announced.
        Huge = "huge", "Huge answer";
    }
}

positions! {
    /// How the Visitors API writes `id`; Zendesk's documents show all three.
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
    /// How the Visitors API writes `created`; Zendesk's documents show both.
    pub enum CreatedFormat {
        #[default]
        Seconds = "seconds", "Unix seconds";
        Iso = "iso", "ISO date";
    }
}

impl CreatedFormat {
    /// Writes a time given in seconds since the Unix epoch.
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
    /// What Chat's token exchange does wrong.
    chat_failure: Failure = Failure::None;
    /// What the Visitors API does wrong.
    visitors_failure: Failure = Failure::None;
    /// What Messaging's login does wrong.
    messaging_failure: Failure = Failure::None;
    /// How late a slow answer comes.
    slow_milliseconds: u32 = 12_000;
    /// How many seconds Zendesk's clock is ahead; it judges `iat` and `exp` of the hosts' tokens.
    clock_offset_seconds: i32 = 0;
    /// Life of an `id_token`; the Web SDK renews it in its last minute.
    id_token_lifetime_seconds: u32 = 7200;
    /// How `id` of a visitor is written.
    visitor_id: VisitorIdFormat = VisitorIdFormat::Dotted;
    /// How `created` of a visitor is written.
    created: CreatedFormat = CreatedFormat::Seconds;
    /// What the token of the Visitors API may do.
    api_scope: ApiScope = ApiScope::ReadWrite;
    /// Whether the Messaging signing key is in use; tokens of an inactive one are refused.
    messaging_key_active: bool = true;
}
