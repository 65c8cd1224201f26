//! `POST /knoon/v1/credentials/login`: authenticates the host, validates what it sends about its user, and
//! issues a short-lived credential for one chat box.

use axum::http::{HeaderMap, StatusCode};
use serde::Serialize;
use serde_json::{Map, Value};

use super::chat_boxes::{ChatBox, ChatBoxes};
use super::exchanges::Outcome;
use super::rejection::Rejection;
use crate::address::is_address;
use crate::headers::announces;

/// What a host sends about its user, validated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CredentialsRequest {
    pub email: String,
    pub external_id: String,
    pub display_name: String,
    pub photo_url: Option<String>,
    pub chat_box_id: String,
}

/// The credential, the member `data` of the response.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Credential {
    pub(super) jwt: String,
    pub(super) expires_at: Value,
    pub(super) chat_box_id: String,
}

/// A rejection, and the outcome to record for it.
pub(super) type Rejected = (Outcome, Rejection);

/// Accepts only `Content-Type: application/json`.
pub(super) fn check_content_type(headers: &HeaderMap) -> Result<(), Rejected> {
    if announces(headers, "application/json") {
        return Ok(());
    }
    Err((
        Outcome::UnsupportedMediaType,
        Rejection::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "unsupported_media_type",
            "Send the body as application/json.",
        ),
    ))
}

/// Parses the body as a JSON object.
pub(super) fn parse_object(body: &[u8]) -> Result<Map<String, Value>, Rejected> {
    match serde_json::from_slice(body) {
        Ok(Value::Object(object)) => Ok(object),
        _ => Err((
            Outcome::MalformedJson,
            Rejection::new(
                StatusCode::BAD_REQUEST,
                "malformed_json",
                "The body must be one JSON object.",
            ),
        )),
    }
}

impl CredentialsRequest {
    /// Checks the type of every field; nothing is converted.
    pub(super) fn parse(body: &Map<String, Value>) -> Result<Self, Rejected> {
        Ok(Self {
            email: email(body)?,
            external_id: non_empty(body, "externalId")?,
            display_name: string(body, "displayName")?,
            photo_url: optional_string(body, "photoURL")?,
            chat_box_id: non_empty(body, "chatBoxId")?,
        })
    }

    /// The chat box, if it belongs to this organization and offers sign-in.
    pub(super) fn chat_box<'a>(
        &self,
        chat_boxes: &'a ChatBoxes,
        org_id: &str,
    ) -> Result<&'a ChatBox, Rejected> {
        let own = chat_boxes
            .find(&self.chat_box_id)
            .filter(|found| found.org_id == org_id);
        let chat_box = own.ok_or_else(|| {
            let message = "Your organization has no chat box with this chatBoxId.";
            refused_chat_box(Outcome::UnknownChatBox, message)
        })?;
        if !chat_box.sign_in_enabled {
            let message = "Sign-in is not enabled for this chat box.";
            return Err(refused_chat_box(Outcome::SignInDisabled, message));
        }
        Ok(chat_box)
    }
}

fn refused_chat_box(outcome: Outcome, message: &str) -> Rejected {
    (
        outcome,
        Rejection::new(StatusCode::BAD_REQUEST, outcome.code(), message),
    )
}

fn email(body: &Map<String, Value>) -> Result<String, Rejected> {
    let email = non_empty(body, "email")?;
    if is_address(&email) {
        return Ok(email);
    }
    Err(invalid_field("email", "must be an email address"))
}

fn non_empty(body: &Map<String, Value>, field: &str) -> Result<String, Rejected> {
    let text = string(body, field)?;
    if text.trim().is_empty() {
        return Err(invalid_field(field, "must not be empty"));
    }
    Ok(text)
}

fn string(body: &Map<String, Value>, field: &str) -> Result<String, Rejected> {
    match body.get(field) {
        Some(Value::String(text)) => Ok(text.clone()),
        Some(_) => Err(invalid_field(field, "must be a string")),
        None => Err(invalid_field(field, "is required")),
    }
}

fn optional_string(body: &Map<String, Value>, field: &str) -> Result<Option<String>, Rejected> {
    match body.get(field) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err(invalid_field(field, "must be a string or null")),
    }
}

fn invalid_field(field: &str, fault: &str) -> Rejected {
    let message = format!("{field} {fault}.");
    (
        Outcome::InvalidField,
        Rejection::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid_field", message),
    )
}
