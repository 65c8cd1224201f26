//! Sessions: the one cookie policy, and typed access to what a session holds.
//!
//! Only this module names the session cookie or writes to a session.

mod config;
mod entries;
mod store;

use http::HeaderMap;
use tower_sessions::{
    Expiry, SessionManagerLayer,
    cookie::{Cookie, SameSite},
    session::Id,
};

use crate::{
    database::StorageError,
    http::{cookies, set_cookie},
};

pub use config::SessionConfig;
pub use entries::{SessionEntries, SessionError};
pub use store::{Store, delete_all_of_user, delete_others_of_user, sweep};

/// The `__Host-` prefix keeps sibling domains from setting or shadowing it (RFC 6265bis).
pub const COOKIE: &str = "__Host-latchkey";

/// The middleware that loads and saves sessions.
///
/// `Lax`, since `Strict` would lose the session on the way back from an identity provider and in a popup
/// that a page of another site has opened.
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

/// The user whose session a request has, for endpoints that want no more of it: nothing is saved after the answer, and
/// no cookie is sent with it.
///
/// # Errors
/// If the store is unavailable.
pub async fn user_id(store: &Store, headers: &HeaderMap) -> Result<Option<String>, StorageError> {
    match id_of(headers) {
        Some(id) => store.user_id(&id).await,
        None => Ok(None),
    }
}

/// Tells the browser to forget the session cookie. Without `Secure` it would keep a `__Host-` cookie.
pub fn forget_cookie(headers: &mut HeaderMap) {
    let cookie = Cookie::build((COOKIE, ""))
        .path("/")
        .secure(true)
        .http_only(true)
        .same_site(SameSite::Lax)
        .max_age(time::Duration::ZERO);
    set_cookie(headers, &cookie.build());
}

/// The one id that a request has; with two, it is not clear whose session is meant.
fn id_of(headers: &HeaderMap) -> Option<Id> {
    let mut ids = cookies(headers).filter(|(name, _)| *name == COOKIE);
    match (ids.next(), ids.next()) {
        (Some((_, id)), None) => id.parse().ok(),
        _ => None,
    }
}
