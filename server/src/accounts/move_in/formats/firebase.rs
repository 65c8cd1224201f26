//! Firebase: `firebase auth:export users.json --format=JSON`
//! (<https://firebase.google.com/docs/cli/auth#file_format>).

use serde_json::{Map, Value};

use super::{Candidate, Rejection, fields};
use crate::accounts::{
    AttributeValue,
    hasher::{FirebaseHash, decode_base64},
    move_in::candidate::usable_attributes,
};

/// The password hash parameters of a project, as its console shows them, without the signer key.
#[derive(Clone, Debug)]
pub struct FirebaseParameters {
    pub rounds: u32,
    pub mem_cost: u8,
    /// In base64.
    pub salt_separator: String,
}

pub(super) fn read(
    entry: &Map<String, Value>,
    parameters: &FirebaseParameters,
) -> Result<Candidate, Rejection> {
    let mut attributes = usable_attributes(&fields::object(entry, "customAttributes")?);
    if let Some(number) = fields::text(entry, "phoneNumber")? {
        attributes.set("phone_number", AttributeValue::Text(number))?;
    }
    Ok(Candidate {
        id: fields::text(entry, "localId")?,
        email: fields::text(entry, "email")?.unwrap_or_default(),
        email_verified: fields::flag(entry, "emailVerified")?,
        display_name: fields::text(entry, "displayName")?,
        photo_url: fields::text(entry, "photoUrl")?,
        password_hash: hash(entry, parameters)?,
        created_at: fields::time(entry, "createdAt")?,
        disabled: fields::flag(entry, "disabled")?,
        attributes,
    })
}

fn hash(
    entry: &Map<String, Value>,
    parameters: &FirebaseParameters,
) -> Result<Option<String>, Rejection> {
    let Some(output) = fields::text(entry, "passwordHash")? else {
        return Ok(None);
    };
    let bytes = |text: &str, name| fields::required(decode_base64(text), name, "base64");
    let salt = fields::text(entry, "salt")?.unwrap_or_default();
    let hash = FirebaseHash {
        log_n: parameters.mem_cost,
        rounds: parameters.rounds,
        salt_separator: bytes(&parameters.salt_separator, "the salt separator")?,
        salt: bytes(&salt, "salt")?,
        output: bytes(&output, "passwordHash")?,
    };
    Ok(Some(hash.to_string()))
}
