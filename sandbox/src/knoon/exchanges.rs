//! The record of credentials that hosts requested and widgets presented. Never holds a key or a token.

use serde::Serialize;

use crate::clock::rfc3339;

/// What was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Call {
    /// A host requested a credential.
    Credentials,
    /// A widget asked whether its credential is valid.
    Session,
}

impl Call {
    pub(super) fn label(self) -> &'static str {
        match self {
            Self::Credentials => "Credentials",
            Self::Session => "Session",
        }
    }
}

/// How an exchange ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// A credential was issued.
    Issued,
    /// A credential was accepted.
    Accepted,
    /// No `Authorization` header.
    MissingAuthorization,
    /// Another scheme than Basic, or credentials that cannot be decoded.
    MalformedAuthorization,
    /// No organization with this id.
    UnknownOrganization,
    /// The organization exists, but the key is wrong.
    WrongApiKey,
    /// The `Content-Type` is not JSON.
    UnsupportedMediaType,
    /// The body exceeds the size limit.
    BodyTooLarge,
    /// The body is not a JSON object.
    MalformedJson,
    /// A field is missing, of the wrong type, or empty.
    InvalidField,
    /// No chat box with this id, or it belongs to another organization.
    UnknownChatBox,
    /// The chat box does not offer sign-in.
    SignInDisabled,
    /// The widget sent no credential.
    MissingToken,
    /// The credential is not a token, or not one that Knoon issues.
    MalformedToken,
    /// The signature is wrong; that of an earlier run is, too.
    BadSignature,
    /// The credential has expired.
    Expired,
    /// The credential is for another chat box.
    WrongChatBox,
    /// The failure switch caused it.
    ForcedFailure,
    /// The sandbox itself is at fault.
    InternalError,
}

impl Outcome {
    /// The code in JSON and in the console.
    pub fn code(self) -> &'static str {
        match self {
            Self::Issued => "issued",
            Self::Accepted => "accepted",
            Self::MissingAuthorization => "missing_authorization",
            Self::MalformedAuthorization => "malformed_authorization",
            Self::UnknownOrganization => "unknown_organization",
            Self::WrongApiKey => "wrong_api_key",
            Self::UnsupportedMediaType => "unsupported_media_type",
            Self::BodyTooLarge => "body_too_large",
            Self::MalformedJson => "malformed_json",
            Self::InvalidField => "invalid_field",
            Self::UnknownChatBox => "unknown_chat_box",
            Self::SignInDisabled => "sign_in_disabled",
            Self::MissingToken => "missing_token",
            Self::MalformedToken => "malformed_token",
            Self::BadSignature => "bad_signature",
            Self::Expired => "expired",
            Self::WrongChatBox => "wrong_chat_box",
            Self::ForcedFailure => "forced_failure",
            Self::InternalError => "internal_error",
        }
    }
}

/// One call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Exchange {
    /// When it ended, as an ISO date in UTC.
    pub time: String,
    /// What was asked for.
    pub call: Call,
    /// The authenticated organization. Unknown names are not recorded, since one could be a mistyped key.
    pub org: Option<String>,
    /// The chat box's id in the request, as far as it could be read.
    pub chat_box_id: Option<String>,
    /// The user's id from the host's request or a verified credential.
    pub external_id: Option<String>,
    /// The address from the host's request or a verified credential.
    pub email: Option<String>,
    /// How it ended.
    pub outcome: Outcome,
}

impl Exchange {
    pub(super) fn at(seconds: u64, call: Call, outcome: Outcome) -> Self {
        let time = rfc3339(seconds);
        Self {
            time,
            call,
            org: None,
            chat_box_id: None,
            external_id: None,
            email: None,
            outcome,
        }
    }
}
