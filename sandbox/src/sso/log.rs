//! The record of requests by clients and browsers. Never holds a secret or a token.

use std::collections::{BTreeMap, VecDeque};

use serde::Serialize;

/// The maximum number of entries; the oldest are dropped first.
const CAPACITY: usize = 200;

/// The number of requests to each endpoint since the start or since the log was last cleared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Calls {
    /// The discovery document.
    pub discovery: u64,
    /// The JWK Set.
    pub jwks: u64,
    /// Authorization requests; the visitor's choice is not counted.
    pub authorization: u64,
    /// The token endpoint.
    pub token: u64,
    /// The userinfo endpoint.
    pub userinfo: u64,
    /// The other host that some failures point to; a correct client never calls it.
    pub other_host: u64,
}

/// A step of a login.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// The authorization endpoint responded to the client or the visitor.
    Authorization,
    /// The token endpoint responded.
    Token,
    /// The userinfo endpoint responded.
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
    /// `ok`, `forced_failure`, or the error code.
    pub outcome: &'static str,
    /// The user's `sub`, if it was known.
    pub sub: Option<&'static str>,
}

/// Everything recorded, oldest first.
#[derive(Debug, Clone, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Log {
    /// The number of requests to each endpoint.
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
