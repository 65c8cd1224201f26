//! The cookies in which pages keep credentials. Pages set them on the parent domain, so they come to the login as well
//! and can be deleted from there.

use std::collections::BTreeSet;

use axum::http::{HeaderMap, HeaderValue, header::SET_COOKIE};

use super::Vendors;
use crate::http::cookies;

impl Vendors {
    /// Deletes what pages have kept of a user who leaves; `sent` are the headers of the request, `set` those of the answer.
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
    for domain in [format!("Domain={domain}; "), String::new()] {
        let cookie = format!("{name}=; Path=/; {domain}Max-Age=0; SameSite=Lax; Secure");
        if let Ok(cookie) = HeaderValue::try_from(cookie) {
            headers.append(SET_COOKIE, cookie);
        }
    }
}
