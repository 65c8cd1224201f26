//! The switches of the sandbox's Zendesk: how each API fails, how far its clock is off, how it writes visitors.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::clock::rfc3339;

/// A switch's positions, each with its code in JSON and what it means.
type Positions<T, const N: usize> = [(T, &'static str, &'static str); N];

/// A way for one of the APIs to fail.
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
    /// 200 with `{}`.
    Empty,
    /// 200 with JSON that breaks off.
    Malformed,
    /// 200 with valid JSON of many megabytes and no length announced.
    Huge,
}

impl Failure {
    pub(super) const ALL: Positions<Self, 6> = [
        (Self::None, "none", "Works"),
        (Self::ServerError, "server_error", "500"),
        (Self::Slow, "slow", "Slow answer"),
        (Self::Empty, "empty", "Empty object"),
        (Self::Malformed, "malformed", "Broken JSON"),
        (Self::Huge, "huge", "Huge answer"),
    ];
}

/// How the Visitors API writes `id`; Zendesk's documents show all three.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VisitorIdFormat {
    /// Such as `"9855790.xjj3ukxyIhn6j3"`.
    #[default]
    Dotted,
    /// Such as `"1"`.
    Text,
    /// Such as `1`.
    Integer,
}

impl VisitorIdFormat {
    pub(super) const ALL: Positions<Self, 3> = [
        (Self::Dotted, "dotted", "\"9855790.xjj3ukxyIhn6j3\""),
        (Self::Text, "text", "\"1\""),
        (Self::Integer, "integer", "1"),
    ];
}

/// How the Visitors API writes `created`; Zendesk's documents show both.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CreatedFormat {
    #[default]
    Seconds,
    Iso,
}

impl CreatedFormat {
    pub(super) const ALL: Positions<Self, 2> = [
        (Self::Seconds, "seconds", "Unix seconds"),
        (Self::Iso, "iso", "ISO date"),
    ];

    /// Writes a time given in seconds since the Unix epoch.
    pub(super) fn write(self, seconds: u64) -> Value {
        match self {
            Self::Seconds => seconds.into(),
            Self::Iso => rfc3339(seconds).into(),
        }
    }
}

/// What the OAuth token of the Visitors API may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ApiScope {
    #[default]
    ReadWrite,
    Read,
    /// Neither: the scope of a client that may only chat.
    Chat,
}

impl ApiScope {
    pub(super) const ALL: Positions<Self, 3> = [
        (Self::ReadWrite, "read_write", "read write"),
        (Self::Read, "read", "read"),
        (Self::Chat, "chat", "chat"),
    ];

    pub(super) fn may_read(self) -> bool {
        self != Self::Chat
    }

    pub(super) fn may_write(self) -> bool {
        self == Self::ReadWrite
    }
}

/// The position of every switch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Settings {
    /// What Chat's token exchange does wrong.
    pub chat_failure: Failure,
    /// What the Visitors API does wrong.
    pub visitors_failure: Failure,
    /// What Messaging's login does wrong.
    pub messaging_failure: Failure,
    /// How late a slow answer comes.
    pub slow_milliseconds: u32,
    /// How many seconds Zendesk's clock is ahead; it judges `iat` and `exp` of the hosts' tokens.
    pub clock_offset_seconds: i32,
    /// Life of an `id_token`; the Web SDK renews it in its last minute.
    pub id_token_lifetime_seconds: u32,
    /// How `id` of a visitor is written.
    pub visitor_id: VisitorIdFormat,
    /// How `created` of a visitor is written.
    pub created: CreatedFormat,
    /// What the token of the Visitors API may do.
    pub api_scope: ApiScope,
    /// Whether the Messaging signing key is in use; an inactive one signs nobody in.
    pub messaging_key_active: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            chat_failure: Failure::None,
            visitors_failure: Failure::None,
            messaging_failure: Failure::None,
            slow_milliseconds: 12_000,
            clock_offset_seconds: 0,
            id_token_lifetime_seconds: 7200,
            visitor_id: VisitorIdFormat::Dotted,
            created: CreatedFormat::Seconds,
            api_scope: ApiScope::ReadWrite,
            messaging_key_active: true,
        }
    }
}

/// The switches to move; those left out stay where they are.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SettingsChange {
    pub chat_failure: Option<Failure>,
    pub visitors_failure: Option<Failure>,
    pub messaging_failure: Option<Failure>,
    pub slow_milliseconds: Option<u32>,
    pub clock_offset_seconds: Option<i32>,
    pub id_token_lifetime_seconds: Option<u32>,
    pub visitor_id: Option<VisitorIdFormat>,
    pub created: Option<CreatedFormat>,
    pub api_scope: Option<ApiScope>,
    pub messaging_key_active: Option<bool>,
}

impl Settings {
    pub(super) fn apply(&mut self, change: &SettingsChange) {
        fn set<T: Copy>(switch: &mut T, to: Option<T>) {
            *switch = to.unwrap_or(*switch);
        }
        set(&mut self.chat_failure, change.chat_failure);
        set(&mut self.visitors_failure, change.visitors_failure);
        set(&mut self.messaging_failure, change.messaging_failure);
        set(&mut self.slow_milliseconds, change.slow_milliseconds);
        set(&mut self.clock_offset_seconds, change.clock_offset_seconds);
        set(
            &mut self.id_token_lifetime_seconds,
            change.id_token_lifetime_seconds,
        );
        set(&mut self.visitor_id, change.visitor_id);
        set(&mut self.created, change.created);
        set(&mut self.api_scope, change.api_scope);
        set(&mut self.messaging_key_active, change.messaging_key_active);
    }
}
