//! A user as a file has them, and the check that makes an account of them.

use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use crate::{
    accounts::{
        AttributeProblem, AttributeValue, Attributes, Email, HashProblem, Profile,
        hasher::{HashKeys, check_hash},
    },
    clock::Timestamp,
};

/// The attribute with the ID that the user had before, if it is not ours.
const IMPORTED_ID: &str = "imported_id";

/// A user as a file has them.
#[derive(Default)]
pub(super) struct Candidate {
    pub id: Option<String>,
    pub email: String,
    pub email_verified: bool,
    pub display_name: Option<String>,
    pub photo_url: Option<String>,
    pub password_hash: Option<String>,
    pub created_at: Option<Timestamp>,
    pub disabled: bool,
    pub attributes: Attributes,
}

/// A user who can become an account.
pub(super) struct NewAccount {
    pub id: String,
    pub email: Email,
    pub email_verified: bool,
    pub profile: Profile,
    pub password_hash: Option<String>,
    pub created_at: Option<Timestamp>,
    pub disabled: bool,
    pub attributes: Attributes,
}

/// Why a user of a file is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Rejection {
    #[error("it is not {0}")]
    Unreadable(&'static str),
    #[error("{0} must be {1}")]
    Field(&'static str, &'static str),
    #[error("there is no field {0}")]
    Unknown(String),
    #[error("the email address is missing")]
    NoEmail,
    #[error("the email address is not valid")]
    Email,
    #[error("the display name must be one line of at most 80 visible characters")]
    Name,
    #[error("the photo must be an https URL of at most 2000 characters")]
    Photo,
    #[error("the ID is longer than 1024 bytes")]
    Id,
    #[error(transparent)]
    Hash(#[from] HashProblem),
    #[error(transparent)]
    Attribute(#[from] AttributeProblem),
    #[error("the address has an account already, of another ID")]
    EmailTaken,
    #[error("the ID has an account already, with another address")]
    IdTaken,
}

impl Candidate {
    /// Checks everything that can be checked without the database. IDs that are not ours are derived from those of
    /// `namespace`.
    pub(super) fn check(self, namespace: &str, keys: &HashKeys) -> Result<NewAccount, Rejection> {
        if self.email.trim().is_empty() {
            return Err(Rejection::NoEmail);
        }
        let email = Email::parse(&self.email).map_err(|_| Rejection::Email)?;
        let given = self.display_name.filter(|name| !name.trim().is_empty());
        let before_at = email.as_str().split('@').next().unwrap_or_default();
        let name = given.as_deref().unwrap_or(before_at);
        let photo = self.photo_url.as_deref().unwrap_or_default();
        let profile = Profile::parse(name, photo).map_err(|problems| {
            match problems.display_name.is_some() {
                true => Rejection::Name,
                false => Rejection::Photo,
            }
        })?;
        let password_hash = self.password_hash.filter(|hash| is_usable(hash));
        if let Some(hash) = &password_hash {
            check_hash(hash, keys)?;
        }
        let mut attributes = self.attributes;
        let id = match self.id {
            Some(id) if is_ours(&id) => id,
            Some(id) => {
                let derived = derived(namespace, "id", &id);
                let value = AttributeValue::Text(id);
                let set = attributes.set(IMPORTED_ID, value);
                set.map_err(|problem| match problem {
                    AttributeProblem::TooLong(_) => Rejection::Id,
                    problem => problem.into(),
                })?;
                derived
            }
            None => derived(namespace, "email", email.key()),
        };
        Ok(NewAccount {
            id,
            email,
            email_verified: self.email_verified,
            profile,
            password_hash,
            created_at: self.created_at,
            disabled: self.disabled,
            attributes,
        })
    }
}

/// Whether the string is that of a password: some systems store a mark for "none".
fn is_usable(hash: &str) -> bool {
    !hash.is_empty() && !hash.starts_with(['!', '*'])
}

fn is_ours(id: &str) -> bool {
    id.len() == 32 && id.bytes().all(|c| matches!(c, b'0'..=b'9' | b'a'..=b'f'))
}

/// The ID of a user whom another system knows by another one: always the same.
fn derived(namespace: &str, what: &str, name: &str) -> String {
    let message = format!("latchkey import\0{namespace}\0{what}\0{name}");
    let digest = Sha256::digest(message.as_bytes());
    base16ct::lower::encode_string(&digest[..16])
}

/// The entries of an object that can be attributes; the others, such as lists, are left out.
pub(super) fn usable_attributes(object: &Map<String, Value>) -> Attributes {
    let mut attributes = Attributes::default();
    for (name, value) in object {
        if let Ok(value) = serde_json::from_value(value.clone()) {
            // One that is refused is left out.
            let _ = attributes.set(name, value);
        }
    }
    attributes
}
