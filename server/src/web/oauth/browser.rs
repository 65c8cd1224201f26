//! The cookie that binds sign-ins through providers to a browser. All sign-ins of a browser share it: each
//! derives its nonce and PKCE verifier from the cookie and its state.

use axum::http::HeaderMap;
use tower_sessions::cookie::{Cookie, SameSite};

use crate::{
    http::{cookies, set_cookie},
    oauth::Browser,
};

const COOKIE: &str = "__Host-latchkey-oauth";

/// The browser of a request, if it has the cookie.
pub(super) fn known(headers: &HeaderMap) -> Option<Browser> {
    let (_, value) = cookies(headers).find(|(name, _)| *name == COOKIE)?;
    Browser::parse(value)
}

/// Sets the cookie, until the browser is closed. `Lax`, since the provider's redirect back is a navigation
/// from another site.
pub(super) fn remember(browser: &Browser, headers: &mut HeaderMap) {
    let cookie = Cookie::build((COOKIE, browser.as_str()))
        .path("/")
        .secure(true)
        .http_only(true)
        .same_site(SameSite::Lax);
    set_cookie(headers, &cookie.build());
}
