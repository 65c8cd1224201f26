//! `GET /knoon/v1/session`: the vendor's verdict on the credential that a widget found.

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use serde::Serialize;
use serde_json::Value;

use super::refusal::Refusal;
use super::settings::ExpiresAtFormat;
use super::signing::{Claims, Signer, TokenFault};

/// What a widget may show about its user.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Session {
    display_name: String,
    #[serde(rename = "photoURL")]
    photo_url: Option<String>,
    email: String,
    expires_at: Value,
}

impl Session {
    pub(super) fn new(claims: Claims, format: ExpiresAtFormat) -> Self {
        Self {
            display_name: claims.name,
            photo_url: claims.picture,
            email: claims.email,
            expires_at: format.write(claims.exp),
        }
    }
}

/// Accepts a token of ours, for this chat box, that has time left at `now` (Unix seconds).
///
/// # Errors
/// A 401 whose code and message say what is wrong; the widget shows the message to its user.
pub(super) fn check(
    signer: &Signer,
    headers: &HeaderMap,
    chat_box_id: &str,
    now: u64,
) -> Result<Claims, Refusal> {
    let claims = signer
        .verify(bearer(headers)?)
        .map_err(|fault| match fault {
            TokenFault::Malformed => {
                Refusal::unauthorized("malformed_token", "The sign-in credential cannot be read.")
            }
            TokenFault::BadSignature => Refusal::unauthorized(
                "bad_signature",
                "The sign-in credential was not issued by Knoon, or by an earlier run of it.",
            ),
        })?;
    if claims.exp <= now {
        return Err(Refusal::unauthorized("expired", "The sign-in has expired."));
    }
    if claims.chat_box_id != chat_box_id {
        let message = "The sign-in credential belongs to another chat box.";
        return Err(Refusal::unauthorized("wrong_chat_box", message));
    }
    Ok(claims)
}

fn bearer(headers: &HeaderMap) -> Result<&str, Refusal> {
    let missing = || Refusal::unauthorized("missing_token", "No sign-in credential was sent.");
    let header = headers.get(AUTHORIZATION).ok_or_else(missing)?;
    let (scheme, token) = header
        .to_str()
        .ok()
        .and_then(|h| h.split_once(' '))
        .ok_or_else(missing)?;
    if !scheme.eq_ignore_ascii_case("bearer") || token.is_empty() {
        return Err(missing());
    }
    Ok(token)
}
