//! Who calls the credentials API: HTTP Basic with the organization's id and its API key.

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use subtle::ConstantTimeEq;

use super::exchanges::Outcome;
use crate::config::Secret;

/// Accepts exactly this organization with exactly this key.
///
/// # Errors
/// The outcome to record. Callers must answer all of them alike, or a stranger learns which
/// organizations exist.
pub(super) fn check(headers: &HeaderMap, org_id: &str, api_key: &Secret) -> Result<(), Outcome> {
    let header = headers
        .get(AUTHORIZATION)
        .ok_or(Outcome::MissingAuthorization)?;
    let credentials = header.to_str().ok().and_then(decode);
    let (org, key) = credentials.ok_or(Outcome::MalformedAuthorization)?;
    let known_org = org.as_bytes().ct_eq(org_id.as_bytes());
    let right_key = key.as_bytes().ct_eq(api_key.reveal().as_bytes());
    if !bool::from(known_org) {
        return Err(Outcome::UnknownOrganization);
    }
    if !bool::from(right_key) {
        return Err(Outcome::WrongApiKey);
    }
    Ok(())
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
