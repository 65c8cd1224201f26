//! The record of requests by browsers and hosts. Never holds a password, a key or a token.

use serde::Serialize;

/// The kind of request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Call {
    /// A choice on the login page.
    Page,
    /// `POST /login` or `POST /oauth2/login`.
    Login,
    /// `POST /oauth2/token`.
    Token,
    /// `GET /projects/{id}/keys`.
    Keys,
    /// `POST /projects/{id}/keys`.
    Rotation,
    /// `POST /token/validate`.
    Validation,
}

impl Call {
    pub(super) fn label(self) -> &'static str {
        match self {
            Self::Page => "Login page",
            Self::Login => "POST /login",
            Self::Token => "POST /oauth2/token",
            Self::Keys => "GET keys",
            Self::Rotation => "POST keys",
            Self::Validation => "POST /token/validate",
        }
    }
}

/// One call and how it ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Exchange {
    /// When it ended, as an ISO date in UTC.
    pub time: String,
    /// The kind of request.
    pub call: Call,
    /// `ok`, `forced_failure`, or the error code of the response.
    pub outcome: &'static str,
    /// The user who signed in or whose token it was, if known.
    pub user: Option<&'static str>,
}
