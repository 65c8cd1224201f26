//! The record of requests by hosts and widgets. Never holds a secret or a token.

use serde::Serialize;

use super::rejection::Rejection;
use crate::clock::rfc3339;

/// The kind of request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Call {
    /// Chat's Web SDK exchanged a host's token for an `id_token`.
    ChatLogin,
    /// The same, with the `state` of the previous response.
    ChatRenewal,
    /// Chat's Web SDK opened a connection with an `id_token`.
    ChatConnection,
    /// Chat's Web SDK ended the session of an `id_token`.
    ChatLogout,
    /// Show Visitor.
    VisitorShow,
    /// Create Visitor.
    VisitorCreate,
    /// Update Visitor.
    VisitorUpdate,
    /// Messaging's widget sent a host's token.
    MessagingLogin,
}

impl Call {
    pub(super) fn label(self) -> &'static str {
        match self {
            Self::ChatLogin => "Chat login",
            Self::ChatRenewal => "Chat renewal",
            Self::ChatConnection => "Chat connection",
            Self::ChatLogout => "Chat logout",
            Self::VisitorShow => "Show visitor",
            Self::VisitorCreate => "Create visitor",
            Self::VisitorUpdate => "Update visitor",
            Self::MessagingLogin => "Messaging login",
        }
    }
}

/// One call of an API.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Exchange {
    /// When the request arrived, as an ISO date in UTC.
    pub time: String,
    /// The kind of request.
    pub call: Call,
    /// The host's id of the user, once a signature was verified.
    pub external_id: Option<String>,
    /// The visitor that was found or created.
    pub visitor_id: Option<String>,
    /// `ok`, `forced_failure`, or the code or reason of the rejection.
    pub outcome: &'static str,
    /// The message of the rejection.
    pub details: Option<String>,
}

impl Exchange {
    pub(super) fn at(seconds: u64, call: Call) -> Self {
        Self {
            time: rfc3339(seconds),
            call,
            external_id: None,
            visitor_id: None,
            outcome: "ok",
            details: None,
        }
    }

    pub(super) fn refused(&mut self, rejection: &Rejection) {
        self.outcome = rejection.code;
        self.details = Some(rejection.message.clone());
    }
}
