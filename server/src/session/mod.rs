//! Sessions: their cookie, their store, and typed access to their entries.
//!
//! Only this module names the session cookie or writes to a session.

mod beginning;
mod config;
mod entries;
mod store;

use http::HeaderMap;
use tower_sessions::{
    Expiry, SessionManagerLayer,
    cookie::{Cookie, SameSite},
    session::Id,
};

use crate::http::{cookies, set_cookie};

pub use beginning::Besides;
pub use config::SessionConfig;
pub use entries::{SessionEntries, SessionError, SignIn};
pub use store::{
    Store, Times, count_of_user, count_since, delete_all_of_user, delete_others_of_user, sweeps,
};

/// The name of the session cookie. The prefix `__Host-` keeps sibling domains from setting or shadowing it
/// (RFC 6265bis).
pub const COOKIE: &str = "__Host-latchkey";

/// The middleware that loads and saves sessions.
///
/// The cookie is `Lax`: with `Strict`, browsers would not send it on the way back from an identity provider,
/// nor in a popup that a page of another site has opened.
pub fn layer(store: Store) -> SessionManagerLayer<Store> {
    let lifetime = time::Duration::try_from(store.lifetime()).unwrap_or(time::Duration::DAY);
    SessionManagerLayer::new(store)
        .with_name(COOKIE)
        .with_same_site(SameSite::Lax)
        .with_secure(true)
        .with_http_only(true)
        .with_path("/")
        .with_expiry(Expiry::OnInactivity(lifetime))
}

/// The hash of the ID of the session that a request's cookie names, for endpoints that need nothing of a session
/// but its user. They do without the middleware, so no entries are saved and no cookie is set after the response.
pub fn id_hash(headers: &HeaderMap) -> Option<String> {
    id_of(headers).map(|id| store::id_hash(&id))
}

/// Deletes the session cookie in the browser. Without `Secure`, the browser would ignore the header, since
/// the name begins with `__Host-`.
pub fn forget_cookie(headers: &mut HeaderMap) {
    let cookie = Cookie::build((COOKIE, ""))
        .path("/")
        .secure(true)
        .http_only(true)
        .same_site(SameSite::Lax)
        .max_age(time::Duration::ZERO);
    set_cookie(headers, &cookie.build());
}

/// The session ID of a request. `None` if there are several, since it is unclear which one is meant.
fn id_of(headers: &HeaderMap) -> Option<Id> {
    let mut ids = cookies(headers).filter(|(name, _)| *name == COOKIE);
    match (ids.next(), ids.next()) {
        (Some((_, id)), None) => id.parse().ok(),
        _ => None,
    }
}
