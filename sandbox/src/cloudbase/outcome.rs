//! The outcomes of calls to the gateway, and its error responses. The SDK ignores the status and looks for
//! `error` in the body, so every rejection has one.

use axum::http::StatusCode;
use serde::Serialize;

/// How a call ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It succeeded.
    Ok,
    /// `client_id` is missing or not the environment's id.
    UnknownClient,
    /// The body exceeds the size limit.
    BodyTooLarge,
    /// The body is not JSON with the members that the call needs.
    MalformedBody,
    /// A provider other than `custom`.
    UnknownProvider,
    /// Custom login is switched off.
    MethodDisabled,
    /// Not `key id`, `/@@/`, and three canonical segments.
    MalformedTicket,
    /// No key has this id.
    UnknownKey,
    /// The key was replaced, and its grace period is over.
    ExpiredKey,
    /// The JWT's header is not exactly `{"alg":"RS256","typ":"JWT"}`.
    WrongHeader,
    /// The key that the ticket names did not sign it.
    BadSignature,
    /// A claim is missing or of the wrong type.
    MalformedClaims,
    /// The ticket is for another environment.
    WrongEnvironment,
    /// `exp` is in the past. An `exp` in seconds always is, since it is read as milliseconds.
    ExpiredTicket,
    /// `iat` is in the future.
    TicketFromTheFuture,
    /// `exp` is more than ten minutes after `iat`, or before it.
    TicketLivesTooLong,
    /// `uid` is not 4 to 32 of the characters that the vendor allows.
    InvalidUid,
    /// `expire`, the end of the sign-in, is in the past.
    SignInExpired,
    /// The ticket was used before, and the switch allows only one use.
    ReplayedTicket,
    /// No access token, or one that is unknown, expired or revoked.
    InvalidAccessToken,
    /// A refresh token that is unknown, expired or revoked.
    InvalidRefreshToken,
    /// A grant type other than `refresh_token`.
    UnsupportedGrantType,
    /// The failure switch caused it.
    ForcedFailure,
    /// The sandbox itself is at fault.
    InternalError,
}

/// An error response: `error`, `error_code` and `error_description`. The codes are those that the SDK knows.
pub(super) struct Rejection {
    pub(super) status: StatusCode,
    pub(super) error: &'static str,
    pub(super) code: u32,
    pub(super) description: &'static str,
}

const NO_SUCH_KEY: &str = "[AUTH_INVALID_CUSTOM_LOGIN_TICKET] Key do not exist or expired";

impl Outcome {
    /// Its label in the console.
    pub(super) fn label(self) -> String {
        let code = serde_json::to_value(self).unwrap_or_default();
        code.as_str().unwrap_or_default().replace('_', " ")
    }

    /// The error response.
    pub(super) fn rejection(self) -> Rejection {
        let invalid = |description| Rejection {
            status: StatusCode::BAD_REQUEST,
            error: "invalid_argument",
            code: 3,
            description,
        };
        let other = |status, error, code, description| Rejection {
            status,
            error,
            code,
            description,
        };
        match self {
            Self::UnknownClient => other(
                StatusCode::UNAUTHORIZED,
                "unauthorized_client",
                4022,
                "client_id is not the id of this environment",
            ),
            Self::BodyTooLarge => other(
                StatusCode::PAYLOAD_TOO_LARGE,
                "invalid_argument",
                3,
                "the body is too large",
            ),
            Self::MalformedBody => invalid("the body is not JSON with the expected members"),
            Self::UnknownProvider => {
                other(StatusCode::NOT_FOUND, "not_found", 5, "provider not found")
            }
            Self::MethodDisabled => other(
                StatusCode::NOT_FOUND,
                "not_found",
                4045,
                "provider not found",
            ),
            Self::MalformedTicket => invalid("the ticket is not a key id, /@@/ and a JWT"),
            Self::UnknownKey | Self::ExpiredKey => invalid(NO_SUCH_KEY),
            Self::WrongHeader => {
                invalid(r#"the header of the ticket is not {"alg":"RS256","typ":"JWT"}"#)
            }
            Self::BadSignature => invalid("the signature of the ticket is wrong"),
            Self::MalformedClaims => {
                invalid("a claim of the ticket is missing or of the wrong type")
            }
            Self::WrongEnvironment => invalid("the ticket is for another environment"),
            Self::ExpiredTicket => invalid("the ticket has expired; exp is in milliseconds"),
            Self::TicketFromTheFuture => invalid("the ticket was issued in the future"),
            Self::TicketLivesTooLong => invalid("the ticket lives longer than ten minutes"),
            Self::InvalidUid => invalid("uid is not 4 to 32 of the allowed characters"),
            Self::SignInExpired => invalid("expire is not in the future; it is in milliseconds"),
            Self::ReplayedTicket => invalid("the ticket was used before"),
            Self::InvalidAccessToken => other(
                StatusCode::UNAUTHORIZED,
                "unauthenticated",
                16,
                "access token does not exist or has expired",
            ),
            Self::InvalidRefreshToken => other(
                StatusCode::BAD_REQUEST,
                "invalid_grant",
                3,
                "refresh token does not exist or has expired",
            ),
            Self::UnsupportedGrantType => other(
                StatusCode::BAD_REQUEST,
                "unsupported_grant_type",
                3,
                "the grant type is not refresh_token",
            ),
            Self::Ok | Self::ForcedFailure | Self::InternalError => other(
                StatusCode::INTERNAL_SERVER_ERROR,
                "internal",
                13,
                "something went wrong on our side",
            ),
        }
    }
}
