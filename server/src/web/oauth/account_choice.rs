//! A cookie that says that the browser's user wants another account, so that providers are asked to let the user
//! choose. Without it, a provider that knows the user signs the same one in again without a question.

use axum::http::HeaderMap;
use time::Duration;
use tower_sessions::cookie::{Cookie, SameSite};

use crate::http::{cookies, set_cookie};

const COOKIE: &str = "__Host-latchkey-choose";

/// How long the wish lasts, unless it is fulfilled before.
const LIFETIME: Duration = Duration::minutes(10);

/// Whether the user wants to choose.
pub(super) fn is_wanted(headers: &HeaderMap) -> bool {
    cookies(headers).any(|(name, _)| name == COOKIE)
}

/// Remembers the wish of a user who presses "Use another account".
pub fn offer_account_choice(headers: &mut HeaderMap) {
    set(headers, LIFETIME);
}

/// Forgets the wish, once it is fulfilled or the provider cannot fulfill it. `sent` are the headers of the request.
pub(super) fn forget(sent: &HeaderMap, headers: &mut HeaderMap) {
    if is_wanted(sent) {
        set(headers, Duration::ZERO);
    }
}

fn set(headers: &mut HeaderMap, lifetime: Duration) {
    let cookie = Cookie::build((COOKIE, "1"))
        .path("/")
        .secure(true)
        .http_only(true)
        .same_site(SameSite::Lax)
        .max_age(lifetime);
    set_cookie(headers, &cookie.build());
}
