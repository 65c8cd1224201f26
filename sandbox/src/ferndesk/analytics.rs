//! The sessions that Ferndesk's analytics would list: who used the widget, where, with which attributes.

use serde::Serialize;
use serde_json::{Map, Value};

use super::token::Identity;
use crate::clock::rfc3339;

/// One identification of a user on a page.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct IdentifiedSession {
    /// When, as an ISO date in UTC.
    pub time: String,
    /// The page's origin.
    pub origin: String,
    /// The host's stable id of the user.
    pub user_id: String,
    pub email: String,
    pub name: Option<String>,
    /// The other attributes that the host sends about the user.
    pub custom_attributes: Map<String, Value>,
    /// When the token expires, as an ISO date in UTC; `None` for a token without an expiry.
    pub expires_at: Option<String>,
}

impl IdentifiedSession {
    pub(super) fn at(seconds: u64, origin: &str, identity: &Identity) -> Self {
        Self {
            time: rfc3339(seconds),
            origin: origin.to_owned(),
            user_id: identity.user_id.clone(),
            email: identity.email.clone(),
            name: identity.name.clone(),
            custom_attributes: identity.custom_attributes.clone(),
            expires_at: identity.expires_at.map(rfc3339),
        }
    }
}
