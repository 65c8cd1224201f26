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
    /// The key by which accounts are found and attempts are counted.
    pub(super) fn email_key(&self) -> String {
        // Stored addresses were valid once. If the rules have changed since, the address itself is the key.
        Email::parse(&self.email)
            .map_or_else(|_| self.email.clone(), |email| email.key().to_owned())
    }

    /// The part of the user that pages may show.
    pub fn viewer(&self) -> Viewer {
        Viewer {
            uid: self.id.clone(),
            email: self.email.clone(),
            display_name: self.display_name.clone(),
            photo_url: self.photo_url.clone(),
        }
    }
}
