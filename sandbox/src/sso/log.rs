//! A record of what clients and browsers asked the provider for. Never holds a secret or a token.

use std::collections::{BTreeMap, VecDeque};

use serde::Serialize;

/// The number of entries; older ones are dropped.
const CAPACITY: usize = 200;

/// How often each endpoint was asked since the start or the last clearing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Calls {
    /// The discovery document.
    pub discovery: u64,
    /// The key set.
    pub jwks: u64,
    /// Authorization requests; the answer of the page's visitor is not one.
    pub authorization: u64,
    /// The token endpoint.
    pub token: u64,
    /// The userinfo endpoint.
    pub userinfo: u64,
    /// The other host that some failures lead to; no sound client ever calls it.
    pub elsewhere: u64,
}

/// A step of a login.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// The authorization endpoint answered the client.
    Authorization,
    /// The token endpoint answered.
    Token,
    /// The userinfo endpoint answered.
    Userinfo,
}

impl Step {
    pub(super) fn label(self) -> &'static str {
        match self {
            Self::Authorization => "Authorization",
            Self::Token => "Token",
            Self::Userinfo => "Userinfo",
        }
    }
}

/// How a step ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Event {
    /// When, as an ISO date in UTC.
    pub time: String,
    /// Which step.
    pub step: Step,
    /// `ok`, `forced_failure`, or the error code that the client got.
    pub outcome: &'static str,
    /// Whose login it was, once that was known.
    pub sub: Option<&'static str>,
}

/// Everything recorded, oldest first.
#[derive(Debug, Clone, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Log {
    /// How often each endpoint was asked.
    pub calls: Calls,
    /// The parameters of authorization requests, as they came.
    pub authorization_requests: VecDeque<BTreeMap<String, String>>,
    /// How the steps of logins ended.
    pub events: VecDeque<Event>,
}

impl Log {
    pub(super) fn push_request(&mut self, parameters: BTreeMap<String, String>) {
        self.calls.authorization += 1;
        push(&mut self.authorization_requests, parameters);
    }

    pub(super) fn push_event(&mut self, event: Event) {
        push(&mut self.events, event);
    }
}

fn push<T>(entries: &mut VecDeque<T>, entry: T) {
    if entries.len() == CAPACITY {
        entries.pop_front();
    }
    entries.push_back(entry);
}
