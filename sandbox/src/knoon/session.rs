//! `GET /knoon/v1/session`: validates the credential that a widget found.

use axum::http::HeaderMap;
use serde::Serialize;
use serde_json::Value;

use super::credentials::Rejected;
use super::exchanges::{Exchange, Outcome};
use super::rejection::Rejection;
use super::settings::ExpiresAtFormat;
use super::signing::{Claims, Signer};
use crate::headers::bearer;
use crate::jwt::Fault;

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

/// Accepts a token that Knoon signed for the chat box of this exchange, unless it has expired at `now` (Unix
/// seconds). Records the token's user once the signature is verified.
///
/// # Errors
/// A 401 with a code and a message; the widget shows the message to its user.
pub(super) fn check(
    signer: &Signer,
    headers: &HeaderMap,
    now: u64,
    exchange: &mut Exchange,
) -> Result<Claims, Rejected> {
    let token = bearer(headers).filter(|token| !token.is_empty());
    let missing = || refused(Outcome::MissingToken, "No sign-in credential was sent.");
    let claims = signer.verify(token.ok_or_else(missing)?);
    let claims = claims.map_err(|fault| match fault {
        Fault::BadSignature => refused(
            Outcome::BadSignature,
            "The sign-in credential was not issued by Knoon, or by an earlier run of it.",
        ),
        _ => refused(
            Outcome::MalformedToken,
            "The sign-in credential cannot be read.",
        ),
    })?;
    exchange.external_id = Some(claims.sub.clone());
    exchange.email = Some(claims.email.clone());
    if claims.exp <= now {
        return Err(refused(Outcome::Expired, "The sign-in has expired."));
    }
    if exchange.chat_box_id.as_ref() != Some(&claims.chat_box_id) {
        let message = "The sign-in credential belongs to another chat box.";
        return Err(refused(Outcome::WrongChatBox, message));
    }
    Ok(claims)
}

fn refused(outcome: Outcome, message: &str) -> Rejected {
    (outcome, Rejection::unauthorized(outcome.code(), message))
}
