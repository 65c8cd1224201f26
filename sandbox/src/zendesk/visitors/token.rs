//! Authorization of the Visitors API: an OAuth token as `Bearer`, with the scope that the request needs.

use axum::http::{HeaderMap, HeaderValue, StatusCode};

use crate::headers::bearer;
use crate::zendesk::rejection::Rejection;
use crate::zendesk::state::Zendesk;

pub(super) const CHALLENGE: HeaderValue =
    HeaderValue::from_static(r#"Bearer realm="Zendesk Chat""#);

/// What a request does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operation {
    Read,
    Write,
}

/// Accepts only the configured token, if its scope is sufficient.
///
/// # Errors
/// 401 `invalid_token`, 403 `insufficient_scope`.
pub(super) fn check(
    zendesk: &Zendesk,
    headers: &HeaderMap,
    operation: Operation,
) -> Result<(), Rejection> {
    let given = bearer(headers).unwrap_or_default();
    if !zendesk.config().chat_api_token.is(given) {
        let message = "Send a valid OAuth token as Authorization: Bearer.";
        return Err(Rejection::unauthorized("invalid_token", message));
    }
    let scope = zendesk.settings().api_scope;
    let (enough, name) = match operation {
        Operation::Read => (scope.may_read(), "read"),
        Operation::Write => (scope.may_write(), "write"),
    };
    if enough {
        return Ok(());
    }
    let message = format!("The token lacks the scope {name}.");
    Err(Rejection::new(
        StatusCode::FORBIDDEN,
        "insufficient_scope",
        message,
    ))
}
