//! User profiles: display name and photo.

use app::model::FieldProblem;
use unicode_normalization::UnicodeNormalization;
use url::Url;

use super::{Accounts, User, store};
use crate::{config::is_loopback, database::StorageError};

const MAX_NAME: usize = 80;
const MAX_PHOTO_URL: usize = 2000;

/// A valid profile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    pub display_name: String,
    pub photo_url: Option<String>,
}

/// What is wrong with each field.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ProfileProblems {
    pub display_name: Option<FieldProblem>,
    pub photo_url: Option<FieldProblem>,
}

impl Profile {
    /// Parses user input; an empty photo URL means no photo.
    ///
    /// # Errors
    /// [`ProfileProblems`], with the problem of each invalid field.
    pub fn parse(name: &str, photo: &str) -> Result<Self, ProfileProblems> {
        match (display_name(name), photo_url(photo)) {
            (Ok(display_name), Ok(photo_url)) => Ok(Self {
                display_name,
                photo_url,
            }),
            (name, photo) => Err(ProfileProblems {
                display_name: name.err(),
                photo_url: photo.err(),
            }),
        }
    }
}

impl Accounts {
    /// Stores a user's profile.
    ///
    /// # Errors
    /// If the write fails.
    pub async fn save_profile(&self, user: &User, profile: &Profile) -> Result<(), StorageError> {
        let mut tx = self.database.write().await?;
        store::set_profile(
            &mut tx,
            &user.id,
            &profile.display_name,
            profile.photo_url.as_deref(),
        )
        .await?;
        tx.commit().await
    }
}

/// A name on one line, normalized to NFC, without characters that hide or reorder text.
pub(super) fn display_name(text: &str) -> Result<String, FieldProblem> {
    let name: String = text.trim().nfc().collect();
    let hides = |c: char| {
        c.is_control()
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
    };
    if name.is_empty() {
        Err(FieldProblem::Missing)
    } else if name.chars().count() > MAX_NAME {
        Err(FieldProblem::DisplayNameTooLong { max: MAX_NAME })
    } else if name.chars().any(hides) {
        Err(FieldProblem::DisplayNameInvalid)
    } else {
        Ok(name)
    }
}

/// An https URL, or an http URL of a loopback host, as the demo's photos have. `None` if the input is empty.
pub(super) fn photo_url(text: &str) -> Result<Option<String>, FieldProblem> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let url = Url::parse(text).map_err(|_| FieldProblem::PhotoUrlInvalid)?;
    let scheme_ok = url.scheme() == "https" || (url.scheme() == "http" && is_loopback(&url));
    let anonymous = url.username().is_empty() && url.password().is_none();
    if scheme_ok && anonymous && url.as_str().len() <= MAX_PHOTO_URL {
        Ok(Some(url.into()))
    } else {
        Err(FieldProblem::PhotoUrlInvalid)
    }
}

#[cfg(test)]
mod tests;
