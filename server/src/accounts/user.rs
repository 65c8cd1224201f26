//! A user.

use app::model::Viewer;

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
