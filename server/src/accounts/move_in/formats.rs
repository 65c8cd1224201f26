//! The exports of other systems, as they come. Each is a file and a line in [`Format::ALL`].

mod auth0;
mod django;
mod fields;
mod firebase;
mod keycloak;
mod laravel;
mod ours;

use std::{io, path::Path};

use serde_json::{Map, Value};

use super::{
    candidate::{Candidate, Rejection},
    source::{self, Layout},
};

pub use firebase::FirebaseParameters;

/// Whose export a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Latchkey,
    Auth0,
    Django,
    Firebase,
    Keycloak,
    Laravel,
}

/// Why a file cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum FormatError {
    #[error("cannot read the file: {0}")]
    Unreadable(#[from] io::Error),
    #[error("it is not clear whose export the file is; say it with --from")]
    Unclear,
}

impl Format {
    pub const ALL: [Self; 6] = [
        Self::Latchkey,
        Self::Auth0,
        Self::Django,
        Self::Firebase,
        Self::Keycloak,
        Self::Laravel,
    ];

    /// The name, as the command line has it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Latchkey => "latchkey",
            Self::Auth0 => "auth0",
            Self::Django => "django",
            Self::Firebase => "firebase",
            Self::Keycloak => "keycloak",
            Self::Laravel => "laravel",
        }
    }

    /// The names by which a file is recognized: each group has one of them.
    fn marks(self) -> &'static [&'static [&'static str]] {
        match self {
            Self::Latchkey => &[&["password_hash", "email_verified"], &["email"]],
            Self::Auth0 => &[
                &["passwordHash", "user_id", "custom_password_hash"],
                &["email"],
            ],
            Self::Django => &[&["model"], &["fields"], &["password"]],
            Self::Firebase => &[&["users"], &["localId"]],
            Self::Keycloak => &[&["users"], &["credentials", "emailVerified"], &["username"]],
            Self::Laravel => &[
                &["remember_token", "email_verified_at"],
                &["password"],
                &["email"],
            ],
        }
    }

    /// What marks the export of another system, although it has the names above.
    fn excluding(self) -> &'static [&'static str] {
        match self {
            Self::Latchkey => &["passwordHash", "user_id", "custom_password_hash", "localId"],
            Self::Auth0 => &["localId"],
            Self::Keycloak => &["localId"],
            _ => &[],
        }
    }

    /// The format of a file that is unmistakable.
    fn of_head(head: &str, layout: Layout) -> Option<Self> {
        let has = |name: &str| match layout {
            Layout::Csv => head.lines().next().is_some_and(|names| {
                names
                    .split(',')
                    .any(|found| found.trim_matches(['"', ' ', '\u{feff}']) == name)
            }),
            _ => head.contains(&format!("\"{name}\"")),
        };
        let fits = |format: &Self| {
            let named = format
                .marks()
                .iter()
                .all(|group| group.iter().any(|name| has(name)));
            named && !format.excluding().iter().any(|name| has(name))
        };
        let mut fitting = Self::ALL.into_iter().filter(fits);
        fitting.next().filter(|_| fitting.next().is_none())
    }

    /// A user of the export; `None` if the entry is none, such as another table's row.
    pub(super) fn read(
        self,
        entry: &Map<String, Value>,
        firebase: &FirebaseParameters,
    ) -> Result<Option<Candidate>, Rejection> {
        match self {
            Self::Latchkey => ours::read(entry).map(Some),
            Self::Auth0 => auth0::read(entry).map(Some),
            Self::Django => django::read(entry),
            Self::Firebase => firebase::read(entry, firebase).map(Some),
            Self::Keycloak => keycloak::read(entry).map(Some),
            Self::Laravel => laravel::read(entry).map(Some),
        }
    }
}

/// The layout of a file, and whose export it is unless that is said.
pub(super) fn recognize(
    path: &Path,
    said: Option<Format>,
) -> Result<(Format, Layout), FormatError> {
    let (head, layout) = source::look(path)?;
    let format = said.or_else(|| Format::of_head(&head, layout));
    Ok((format.ok_or(FormatError::Unclear)?, layout))
}

#[cfg(test)]
mod tests;
