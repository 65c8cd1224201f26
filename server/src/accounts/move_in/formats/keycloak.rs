//! Keycloak: the export of a realm with its users (<https://www.keycloak.org/server/importExport>).

use serde_json::{Map, Value};

use super::{Candidate, Rejection, fields};
use crate::accounts::{
    AttributeValue,
    hasher::{Pbkdf2Digest, Pbkdf2Hash, decode_base64, encode_base64},
    move_in::candidate::usable_attributes,
};

pub(super) fn read(entry: &Map<String, Value>) -> Result<Candidate, Rejection> {
    let name = |field| fields::text(entry, field).map(Option::unwrap_or_default);
    let full_name = format!("{} {}", name("firstName")?, name("lastName")?);
    // Each attribute is a list; those with one value are of use.
    let lists = fields::object(entry, "attributes")?;
    let single = lists.into_iter().filter_map(|(name, values)| match values {
        Value::Array(mut values) if values.len() == 1 => Some((name, values.remove(0))),
        _ => None,
    });
    let mut attributes = usable_attributes(&single.collect());
    if let Some(username) = fields::text(entry, "username")? {
        attributes.set("username", AttributeValue::Text(username))?;
    }
    Ok(Candidate {
        id: fields::text(entry, "id")?,
        email: fields::text(entry, "email")?.unwrap_or_default(),
        email_verified: fields::flag(entry, "emailVerified")?,
        display_name: Some(full_name.trim().to_owned()),
        photo_url: None,
        password_hash: hash(entry)?,
        created_at: fields::time(entry, "createdTimestamp")?,
        disabled: entry.contains_key("enabled") && !fields::flag(entry, "enabled")?,
        attributes,
    })
}

fn hash(entry: &Map<String, Value>) -> Result<Option<String>, Rejection> {
    let credentials = entry.get("credentials").and_then(Value::as_array);
    let is_password =
        |credential: &&Value| credential.get("type").and_then(Value::as_str) == Some("password");
    let found = credentials.and_then(|all| all.iter().find(is_password));
    let Some(credential) = found.and_then(Value::as_object) else {
        return Ok(None);
    };
    let secret = fields::object(credential, "secretData")?;
    let data = fields::object(credential, "credentialData")?;
    let known = fields::object(&data, "additionalParameters")?;
    let bytes = |name: &'static str| {
        let text = fields::text(&secret, name)?;
        let bytes = text.as_deref().and_then(decode_base64);
        fields::required(bytes, name, "base64 in secretData")
    };
    let (salt, output) = (bytes("salt")?, bytes("value")?);
    let iterations = fields::text(&data, "hashIterations")?;
    let iterations = iterations.and_then(|text| text.parse::<u32>().ok());
    let iterations = fields::required(iterations, "hashIterations", "a number")?;
    let algorithm = fields::text(&data, "algorithm")?.unwrap_or_default();
    let digest = match algorithm.as_str() {
        "argon2" => {
            let (salt, output) = (encode_base64(&salt), encode_base64(&output));
            return argon2(&known, iterations, &salt, &output).map(Some);
        }
        "pbkdf2" => Pbkdf2Digest::Sha1,
        "pbkdf2-sha256" => Pbkdf2Digest::Sha256,
        "pbkdf2-sha512" => Pbkdf2Digest::Sha512,
        _ => return Err(Rejection::Field("algorithm", "PBKDF2 or argon2")),
    };
    let hash = Pbkdf2Hash {
        digest,
        iterations,
        salt,
        output,
    };
    Ok(Some(hash.to_string()))
}

/// A PHC string; the parameters are lists of one text.
fn argon2(
    known: &Map<String, Value>,
    passes: u32,
    salt: &str,
    output: &str,
) -> Result<String, Rejection> {
    let single = |name: &'static str| {
        let value = known.get(name).and_then(|values| values.get(0));
        let text = value.and_then(Value::as_str);
        fields::required(text, name, "a list of one text")
    };
    let (kind, memory, lanes) = (single("type")?, single("memory")?, single("parallelism")?);
    let version = match single("version")? {
        "1.0" => 16,
        _ => 19,
    };
    Ok(format!(
        "$argon2{kind}$v={version}$m={memory},t={passes},p={lanes}${salt}${output}"
    ))
}
