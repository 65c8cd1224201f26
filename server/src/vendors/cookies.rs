//! The cookies in which pages keep credentials. Pages set them on the parent domain, so they come to the login as well
//! and can be deleted from there.

use std::collections::BTreeSet;

use axum::http::HeaderMap;
use time::Duration;
use tower_sessions::cookie::{Cookie, SameSite};

use super::Vendors;
use crate::http::{cookies, set_cookie};

impl Vendors {
    /// Deletes what pages have kept of a user who leaves; `sent` are the headers of the request, `set` those of the
    /// answer.
    pub fn forget_credentials(&self, sent: &HeaderMap, set: &mut HeaderMap) {
        let names: BTreeSet<&str> = cookies(sent).map(|(name, _)| name).collect();
        for name in names {
            if self.is_credential_cookie(name) {
                forget(name, &self.cookie_domain, set);
            }
        }
    }
}

/// A cookie is only deleted with the attributes it was set with. It may have been set for this host alone.
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
