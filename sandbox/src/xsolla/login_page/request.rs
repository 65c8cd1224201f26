//! Validates the parameters with which a host sends a browser: the project, the flow, and the callback.

use crate::parameters::Parameters;
use crate::xsolla::state::Xsolla;

/// Why a request is invalid. The visitor sees an error page and is not redirected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Problem {
    pub(super) code: &'static str,
    pub(super) sentence: &'static str,
}

const fn problem(code: &'static str, sentence: &'static str) -> Problem {
    Problem { code, sentence }
}

const UNKNOWN_PROJECT: Problem = problem(
    "003-061",
    "The site that sent you here names a Login project that does not exist.",
);
const NO_CALLBACK: Problem = problem(
    "010-011",
    "The site that sent you here does not say where to send you back to.",
);
const UNKNOWN_CALLBACK: Problem = problem(
    "010-012",
    "The site that sent you here wants you sent to an address that is not registered for its project.",
);
const UNKNOWN_CLIENT: Problem = problem(
    "unknown_client",
    "The site that sent you here is not an OAuth 2.0 client of this project.",
);
const INVALID_REQUEST: Problem = problem(
    "invalid_request",
    "The site that sent you here asks in a way that its project does not offer.",
);
pub(super) const UNKNOWN_PERSONA: Problem = problem("unknown_persona", "There is no such user.");

/// A valid request.
#[derive(Debug)]
pub(in crate::xsolla) enum Request<'a> {
    /// The browser returns with `?token=`, and the token repeats the payload.
    Jwt {
        callback: &'a str,
        payload: Option<&'a str>,
    },
    /// The browser returns with `?code=` and the state (RFC 6749, section 4.1).
    OAuth {
        callback: &'a str,
        state: &'a str,
        code_challenge: Option<&'a str>,
    },
}

impl<'a> Request<'a> {
    pub(super) fn read(xsolla: &Xsolla, parameters: &'a Parameters) -> Result<Self, Problem> {
        if parameters.repeated().is_some() {
            return Err(INVALID_REQUEST);
        }
        if parameters.get("projectId") != Some(xsolla.project_id()) {
            return Err(UNKNOWN_PROJECT);
        }
        let callback = |name| {
            let callback = parameters.get(name).ok_or(NO_CALLBACK)?;
            let known = xsolla.callbacks().contain(callback);
            known.then_some(callback).ok_or(UNKNOWN_CALLBACK)
        };
        match parameters.get("client_id") {
            None => Ok(Self::Jwt {
                callback: callback("login_url")?,
                payload: parameters.get("payload"),
            }),
            Some(client) if client == xsolla.client_id() => Ok(Self::OAuth {
                callback: callback("redirect_uri")?,
                state: state(parameters)?,
                code_challenge: code_challenge(parameters)?,
            }),
            Some(_) => Err(UNKNOWN_CLIENT),
        }
    }

    /// The URL to which the browser returns.
    pub(super) fn callback(&self) -> &'a str {
        match self {
            Self::Jwt { callback, .. } | Self::OAuth { callback, .. } => callback,
        }
    }
}

/// The state, which Xsolla requires in OAuth 2.0 requests.
fn state(parameters: &Parameters) -> Result<&str, Problem> {
    let is_code = parameters.get("response_type") == Some("code");
    let state = parameters.get("state").filter(|_| is_code);
    state.ok_or(INVALID_REQUEST)
}

/// PKCE is optional; S256 is the only method.
fn code_challenge(parameters: &Parameters) -> Result<Option<&str>, Problem> {
    let challenge = parameters.get("code_challenge");
    match (challenge, parameters.get("code_challenge_method")) {
        (None, None) => Ok(None),
        (Some(_), Some("S256")) => Ok(challenge),
        _ => Err(INVALID_REQUEST),
    }
}
