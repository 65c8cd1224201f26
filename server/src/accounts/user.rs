//! A user.

use app::model::Viewer;

use super::Email;
use crate::clock::Timestamp;

/// A user with an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// 32 lowercase hex characters; never changes, never reused.
    pub id: String,
    pub email: String,
    /// Whether the user has verified the address.
    pub email_verified: bool,
    pub display_name: String,
    pub photo_url: Option<String>,
    pub created_at: Timestamp,
}

impl User {
    /// The form of the address by which accounts are found and limits counted.
    pub(super) fn email_key(&self) -> String {
        // Stored addresses were parsed; should the rules have changed since, the address itself is a key of its own.
        Email::parse(&self.email)
            .map_or_else(|_| self.email.clone(), |email| email.key().to_owned())
    }

    /// What pages may show of the user.
    pub fn viewer(&self) -> Viewer {
        Viewer {
            uid: self.id.clone(),
            email: self.email.clone(),
            display_name: self.display_name.clone(),
            photo_url: self.photo_url.clone(),
        }
    }
}
