//! Deletes the cookies in which pages keep credentials. Pages set them on the parent domain, so browsers send
//! them to the login as well, which can delete them.

use std::collections::BTreeSet;

use axum::http::HeaderMap;
use time::Duration;
use tower_sessions::cookie::{Cookie, SameSite};

use super::Vendors;
use crate::http::{cookies, set_cookie};

impl Vendors {
    /// Deletes the credential cookies of a user who signs out. `sent` are the headers of the request, `set`
    /// those of the response.
    pub fn forget_credentials(&self, sent: &HeaderMap, set: &mut HeaderMap) {
        let names: BTreeSet<&str> = cookies(sent).map(|(name, _)| name).collect();
        for name in names {
            if self.is_credential_cookie(name) {
                forget(name, &self.cookie_domain, set);
            }
        }
    }
}

/// Deletes the cookie both on the parent domain and on this host alone: browsers treat these as two cookies,
/// and the request does not say which of them was set.
fn forget(name: &str, domain: &str, headers: &mut HeaderMap) {
    for domain in [Some(domain), None] {
        let mut cookie = Cookie::build((name, ""))
            .path("/")
            .max_age(Duration::ZERO)
            .same_site(SameSite::Lax)
            .secure(true)
            .build();
        if let Some(domain) = domain {
            cookie.set_domain(domain);
        }
        set_cookie(headers, &cookie);
    }
}
