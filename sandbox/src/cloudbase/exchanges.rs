//! The record of calls to the gateway. Never holds a key, a ticket or a token.

use serde::Serialize;

use super::outcome::Outcome;

/// One call to the gateway.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Exchange {
    /// When it ended, as an ISO date in UTC.
    pub time: String,
    /// What was called, such as `signin/custom`.
    pub endpoint: String,
    /// How it ended.
    pub outcome: Outcome,
    /// The host's id of the user, once that was verified.
    pub custom_user_id: Option<String>,
    /// The platform's id of the user, once that was verified.
    pub sub: Option<String>,
}
