//! Client authentication: `client_secret_basic` or `client_secret_post` (RFC 6749, section 2.3.1).

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::percent_decode_str;

use super::rejection::Rejection;
use crate::parameters::Parameters;
use crate::sso::state::Sso;

/// Accepts the registered client with its secret, sent by exactly one of the two methods.
pub(super) fn authenticate(
    sso: &Sso,
    headers: &HeaderMap,
    parameters: &Parameters,
) -> Result<(), Rejection> {
    let posted_id = parameters.get("client_id");
    let posted_secret = parameters.get("client_secret");
    let Some(header) = headers.get(AUTHORIZATION) else {
        let posted = posted_id.zip(posted_secret);
        let (id, secret) = posted.ok_or_else(Rejection::invalid_client)?;
        return check(sso, id, secret);
    };
    if posted_secret.is_some() {
        return Err(Rejection::invalid_request(
            "The client authenticates in two ways.",
        ));
    }
    let credentials = header.to_str().ok().and_then(decode_basic);
    let (id, secret) = credentials.ok_or_else(Rejection::invalid_client)?;
    if posted_id.is_some_and(|posted| posted != id) {
        return Err(Rejection::invalid_client());
    }
    check(sso, &id, &secret)
}

fn check(sso: &Sso, id: &str, secret: &str) -> Result<(), Rejection> {
    let right_secret = sso.client_secret().is(secret);
    if id == sso.client_id() && right_secret {
        return Ok(());
    }
    Err(Rejection::invalid_client())
}

/// Both halves are form-encoded before they are joined.
fn decode_basic(header: &str) -> Option<(String, String)> {
    let (scheme, encoded) = header.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let joined = String::from_utf8(STANDARD.decode(encoded).ok()?).ok()?;
    let (id, secret) = joined.split_once(':')?;
    Some((form_decode(id)?, form_decode(secret)?))
}

fn form_decode(text: &str) -> Option<String> {
    let text = text.replace('+', " ");
    let decoded = percent_decode_str(&text).decode_utf8().ok()?;
    Some(decoded.into_owned())
}
