//! The cookie that ties sign-ins under way to a browser. One for all of them: state, nonce and PKCE verifier follow
//! from it.

use axum::http::HeaderMap;
use tower_sessions::cookie::{Cookie, SameSite};

use crate::{
    http::{cookies, set_cookie},
    oauth::Browser,
};

const COOKIE: &str = "__Host-latchkey-oauth";

/// The browser that sends a request, if it has begun a sign-in before.
pub(super) fn known(headers: &HeaderMap) -> Option<Browser> {
    let (_, value) = cookies(headers).find(|(name, _)| *name == COOKIE)?;
    Browser::parse(value)
}

/// Gives the cookie to the browser until that is closed. `Lax`, since the way back from the provider is a navigation
/// from another site.
pub(super) fn remember(browser: &Browser, headers: &mut HeaderMap) {
    let cookie = Cookie::build((COOKIE, browser.as_str()))
        .path("/")
        .secure(true)
        .http_only(true)
        .same_site(SameSite::Lax);
    set_cookie(headers, &cookie.build());
}
