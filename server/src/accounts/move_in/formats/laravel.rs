//! Laravel: its table `users`, as CSV or JSON lines (<https://laravel.com/docs/hashing>).

use serde_json::{Map, Value};

use super::{Candidate, Rejection, fields};

pub(super) fn read(entry: &Map<String, Value>) -> Result<Candidate, Rejection> {
    Ok(Candidate {
        id: fields::text(entry, "id")?,
        email: fields::text(entry, "email")?.unwrap_or_default(),
        email_verified: has_value(entry, "email_verified_at")?,
        display_name: fields::text(entry, "name")?,
        password_hash: fields::text(entry, "password")?,
        created_at: fields::time(entry, "created_at")?,
        disabled: has_value(entry, "deleted_at")?,
        ..Candidate::default()
    })
}

/// Programs that write CSV have a word for null.
fn has_value(entry: &Map<String, Value>, name: &'static str) -> Result<bool, Rejection> {
    let text = fields::text(entry, name)?.unwrap_or_default();
    Ok(!matches!(text.as_str(), "" | "NULL" | "\\N"))
}
