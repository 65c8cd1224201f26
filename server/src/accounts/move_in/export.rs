//! Writes all users, with their password hashes, for another system.

use std::io::{self, Write};

use serde::Serialize;

use super::import_store::{StoredUser, users_after};
use crate::{
    accounts::{Attributes, attributes_of},
    audit::{self, Event},
    clock::Timestamp,
    database::{Database, StorageError},
};

/// How many users are read at once.
const PAGE: u32 = 500;

/// Why the users were not written to their end.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    #[error(transparent)]
    Storage(#[from] StorageError),
    #[error("cannot write the users: {0}")]
    Output(#[from] io::Error),
}

/// A line.
#[derive(Serialize)]
struct Line<'a> {
    id: &'a str,
    email: &'a str,
    email_verified: bool,
    display_name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    photo_url: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    password_hash: Option<&'a str>,
    created_at: Option<String>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    disabled: bool,
    #[serde(skip_serializing_if = "Attributes::is_empty")]
    attributes: Attributes,
}

/// Writes every user as a line of JSON, in the format that an import reads.
///
/// # Errors
/// If the database is unavailable, or the output cannot be written.
pub async fn export_users(
    database: &Database,
    now: Timestamp,
    output: &mut impl Write,
) -> Result<(), ExportError> {
    let mut tx = database.write().await?;
    audit::record(&mut tx, Event::UsersExported, None, now).await?;
    tx.commit().await?;
    let reader = database.read();
    let mut after = String::new();
    loop {
        let users = users_after(reader, &after, PAGE).await?;
        let Some(last) = users.last() else { break };
        after.clone_from(&last.user.id);
        for stored in &users {
            let attributes = attributes_of(reader, &stored.user.id).await?;
            serde_json::to_writer(&mut *output, &line(stored, attributes))
                .map_err(io::Error::from)?;
            output.write_all(b"\n")?;
        }
    }
    Ok(output.flush()?)
}

fn line(stored: &StoredUser, attributes: Attributes) -> Line<'_> {
    let user = &stored.user;
    Line {
        id: &user.id,
        email: &user.email,
        email_verified: user.email_verified,
        display_name: &user.display_name,
        photo_url: user.photo_url.as_deref(),
        password_hash: stored.password_hash.as_deref(),
        created_at: user.created_at.rfc3339(),
        disabled: stored.disabled,
        attributes,
    }
}
