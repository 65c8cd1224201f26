//! Our own format, which `latchkey user export` writes, as JSON lines or with the same names as CSV.

use serde_json::{Map, Value};

use super::{Candidate, Rejection, fields};
use crate::accounts::Attributes;

const NAMES: [&str; 9] = [
    "id",
    "email",
    "email_verified",
    "display_name",
    "photo_url",
    "password_hash",
    "created_at",
    "disabled",
    "attributes",
];

pub(super) fn read(entry: &Map<String, Value>) -> Result<Candidate, Rejection> {
    if let Some(name) = entry.keys().find(|name| !NAMES.contains(&name.as_str())) {
        return Err(Rejection::Unknown(name.chars().take(64).collect()));
    }
    Ok(Candidate {
        id: fields::text(entry, "id")?,
        email: fields::text(entry, "email")?.unwrap_or_default(),
        email_verified: fields::flag(entry, "email_verified")?,
        display_name: fields::text(entry, "display_name")?,
        photo_url: fields::text(entry, "photo_url")?,
        password_hash: fields::text(entry, "password_hash")?,
        created_at: fields::time(entry, "created_at")?,
        disabled: fields::flag(entry, "disabled")?,
        attributes: Attributes::parse(&fields::object(entry, "attributes")?)?,
    })
}
