//! Laravel: its table `users`, as CSV or JSON lines (<https://laravel.com/docs/hashing>).

use serde_json::{Map, Value};

use super::{Candidate, Rejection, fields};
use crate::clock::Timestamp;

pub(super) fn read(entry: &Map<String, Value>) -> Result<Candidate, Rejection> {
    Ok(Candidate {
        id: fields::text(entry, "id")?,
        email: fields::text(entry, "email")?.unwrap_or_default(),
        email_verified: time(entry, "email_verified_at")?.is_some(),
        display_name: fields::text(entry, "name")?,
        password_hash: fields::text(entry, "password")?,
        created_at: time(entry, "created_at")?,
        disabled: time(entry, "deleted_at")?.is_some(),
        ..Candidate::default()
    })
}

/// A time, for which programs that write CSV have a word if it is null.
fn time(entry: &Map<String, Value>, name: &'static str) -> Result<Option<Timestamp>, Rejection> {
    match fields::text(entry, name)?.as_deref() {
        Some("NULL" | "null" | "\\N") => Ok(None),
        _ => fields::time(entry, name),
    }
}
