//! What vendors are told about a user.

use crate::{accounts::User, clock::Timestamp};

/// A user as vendors may know them: always with a verified address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VendorIdentity {
    /// The user's stable ID: 32 hexadecimal characters, never an address.
    pub external_id: String,
    /// A verified address.
    pub email: String,
    pub display_name: String,
    pub photo_url: Option<String>,
    /// When the account was created.
    pub member_since: Timestamp,
}

impl VendorIdentity {
    /// A fictitious user, for self-tests.
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

/// Why vendors may not be told about a user.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VendorIdentityError {
    /// An unverified address may belong to another person, whose history the vendor would reveal.
    #[error("the email address is not confirmed")]
    EmailUnverified,
}

impl TryFrom<User> for VendorIdentity {
    type Error = VendorIdentityError;

    fn try_from(user: User) -> Result<Self, VendorIdentityError> {
        if !user.email_verified {
            return Err(VendorIdentityError::EmailUnverified);
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
