//! The only view of a user that a vendor gets.

use crate::{accounts::User, clock::Timestamp};

/// A user as vendors may know them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VendorIdentity {
    /// The stable id: 32 hex characters, never an address.
    pub external_id: String,
    /// Proved to be the user's.
    pub email: String,
    pub display_name: String,
    pub photo_url: Option<String>,
    /// When the account was made.
    pub member_since: Timestamp,
}

impl VendorIdentity {
    /// A user who does not exist, for self-tests.
    pub(super) fn placeholder() -> Self {
        Self {
            external_id: "0".repeat(32),
            email: "self-test@example.com".to_owned(),
            display_name: "Self-test".to_owned(),
            photo_url: None,
            member_since: Timestamp(0),
        }
    }
}

/// Why a user cannot be vouched for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Withheld {
    /// An unverified address may belong to another person, whose history the vendor would show.
    #[error("the email address is not confirmed")]
    EmailUnconfirmed,
}

impl TryFrom<User> for VendorIdentity {
    type Error = Withheld;

    fn try_from(user: User) -> Result<Self, Withheld> {
        if !user.email_verified {
            return Err(Withheld::EmailUnconfirmed);
        }
        Ok(Self {
            external_id: user.id,
            email: user.email,
            display_name: user.display_name,
            photo_url: user.photo_url,
            member_since: user.created_at,
        })
    }
}
