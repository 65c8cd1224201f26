//! A cookie that says that the next sign-in may be that of another user, so that providers are asked to let the user
//! choose. Without it, a provider that knows the last user signs the same one in again without a question.

use axum::http::HeaderMap;
use time::Duration;
use tower_sessions::cookie::{Cookie, SameSite};

use crate::{
    http::{cookies, set_cookie},
    oauth::AccountChoice,
};

const COOKIE: &str = "__Host-latchkey-choose";

/// The cookie's value for each way to choose.
const VALUES: [(&str, AccountChoice); 2] = [
    ("account", AccountChoice::Select),
    ("login", AccountChoice::Login),
];

/// How long it lasts, unless the user chooses before: a provider may know the last user for weeks.
const LIFETIME: Duration = Duration::days(30);

/// How the user is to choose, if so.
pub(super) fn wanted(headers: &HeaderMap) -> Option<AccountChoice> {
    let (_, value) = cookies(headers).find(|(name, _)| *name == COOKIE)?;
    let (_, choice) = VALUES.iter().find(|(known, _)| *known == value)?;
    Some(*choice)
}

/// Lets the next user of this browser choose, after a sign-out or "Use another account".
pub fn offer_account_choice(headers: &mut HeaderMap) {
    set(headers, Some(AccountChoice::Select));
}

/// The provider refuses to ask in this way: the next request asks in the other, or no longer.
pub(super) fn refuse(choice: AccountChoice, headers: &mut HeaderMap) {
    set(
        headers,
        (choice == AccountChoice::Select).then_some(AccountChoice::Login),
    );
}

/// The user has chosen. `sent` are the headers of the request.
pub(super) fn forget(sent: &HeaderMap, headers: &mut HeaderMap) {
    if wanted(sent).is_some() {
        set(headers, None);
    }
}

fn set(headers: &mut HeaderMap, choice: Option<AccountChoice>) {
    let value = VALUES.iter().find(|(_, known)| Some(*known) == choice);
    let (value, lifetime) = value.map_or(("", Duration::ZERO), |(value, _)| (*value, LIFETIME));
    let cookie = Cookie::build((COOKIE, value))
        .path("/")
        .secure(true)
        .http_only(true)
        .same_site(SameSite::Lax)
        .max_age(lifetime);
    set_cookie(headers, &cookie.build());
}
