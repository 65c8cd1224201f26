//! Auth0: the users of an export job, or the lines with password hashes that its support sends, which are bcrypt's
//! (<https://auth0.com/docs/manage-users/user-migration>).

use serde_json::{Map, Value};

use super::{Candidate, Rejection, fields};
use crate::accounts::move_in::candidate::usable_attributes;

pub(super) fn read(entry: &Map<String, Value>) -> Result<Candidate, Rejection> {
    let object_id = entry.get("_id").and_then(|id| id.get("$oid"));
    let object_id = object_id
        .and_then(Value::as_str)
        .map(|id| format!("auth0|{id}"));
    let custom = entry
        .get("custom_password_hash")
        .and_then(|custom| custom.pointer("/hash/value"))
        .and_then(Value::as_str);
    let hash = fields::text(entry, "passwordHash")?;
    Ok(Candidate {
        id: fields::text(entry, "user_id")?.or(object_id),
        email: fields::text(entry, "email")?.unwrap_or_default(),
        email_verified: fields::flag(entry, "email_verified")?,
        display_name: fields::text(entry, "name")?,
        photo_url: fields::text(entry, "picture")?,
        password_hash: hash.or(custom.map(ToOwned::to_owned)),
        created_at: fields::time(entry, "created_at")?,
        disabled: fields::flag(entry, "blocked")?,
        attributes: usable_attributes(&fields::object(entry, "app_metadata")?),
    })
}
