//! Authentication of the credentials API: HTTP Basic with the organization's id and its API key.

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::exchanges::Outcome;
use crate::secret::Secret;

/// Authenticates an organization by the key that `key_of` returns for it.
///
/// # Errors
/// The outcome to record. Callers must respond to all of them alike, or the response reveals which
/// organizations exist.
pub(super) fn check<'a>(
    headers: &HeaderMap,
    key_of: impl Fn(&str) -> Option<&'a Secret>,
) -> Result<String, Outcome> {
    let header = headers
        .get(AUTHORIZATION)
        .ok_or(Outcome::MissingAuthorization)?;
    let credentials = header.to_str().ok().and_then(decode);
    let (org, key) = credentials.ok_or(Outcome::MalformedAuthorization)?;
    match key_of(&org) {
        None => Err(Outcome::UnknownOrganization),
        Some(right) if !right.is(&key) => Err(Outcome::WrongApiKey),
        Some(_) => Ok(org),
    }
}

fn decode(header: &str) -> Option<(String, String)> {
    let (scheme, encoded) = header.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let decoded = String::from_utf8(STANDARD.decode(encoded).ok()?).ok()?;
    let (org, key) = decoded.split_once(':')?;
    Some((org.to_owned(), key.to_owned()))
}
