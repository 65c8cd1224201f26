//! A record of what browsers and hosts asked Xsolla for. Never holds a password, a key or a token.

use serde::Serialize;

/// What was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Call {
    /// A choice on the login page.
    Page,
    /// `POST /login`.
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
    /// What was asked for.
    pub call: Call,
    /// `ok`, `forced_failure`, or the error code of the answer.
    pub outcome: &'static str,
    /// Who signed in, or whose token it was, once that was known.
    pub user: Option<&'static str>,
}
