//! A record of what browsers asked the gateway for. Never holds a key, a ticket or a token.

use std::collections::VecDeque;

use serde::Serialize;

use super::outcome::Outcome;

/// Older exchanges are forgotten.
const KEPT: usize = 200;

/// One call of the gateway.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Exchange {
    /// When it ended, as an ISO date in UTC.
    pub time: String,
    /// What was called, such as `signin/custom`.
    pub endpoint: String,
    /// How it ended.
    pub outcome: Outcome,
    /// The host's id of the user, once that was proved.
    pub custom_user_id: Option<String>,
    /// The platform's id of the user, once that was proved.
    pub sub: Option<String>,
}

#[derive(Default)]
pub(super) struct ExchangeLog(VecDeque<Exchange>);

impl ExchangeLog {
    pub(super) fn push(&mut self, exchange: Exchange) {
        if self.0.len() == KEPT {
            self.0.pop_front();
        }
        self.0.push_back(exchange);
    }

    pub(super) fn all(&self) -> Vec<Exchange> {
        self.0.iter().cloned().collect()
    }
}
