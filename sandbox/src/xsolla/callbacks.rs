//! The Callback URLs that are registered for the project, and the way back to one of them.

use url::Url;

use crate::services::{SECTIONS, Surroundings};

/// Where users may be sent: the host's login, and the page that the customer's site has for each vendor.
pub(super) struct Callbacks(Vec<String>);

impl Callbacks {
    pub(super) fn new(surroundings: &Surroundings) -> Self {
        let login = format!("{}/oauth/xsolla/callback", surroundings.login_origin);
        let page = |path: &str| format!("{}{path}", surroundings.site_origin);
        let pages = SECTIONS.iter().map(|section| page(section.path));
        Self(std::iter::once(login).chain(pages).collect())
    }

    /// Addresses are compared as strings (RFC 9700, section 4.1.3).
    pub(super) fn contain(&self, address: &str) -> bool {
        self.iter().any(|registered| registered == address)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &String> {
        self.0.iter()
    }
}

/// `callback` with what the host is told in its query.
///
/// # Errors
/// An address that is no URL.
pub(super) fn with_query(callback: &str, answer: &[(&str, &str)]) -> anyhow::Result<String> {
    let mut url = Url::parse(callback)?;
    url.query_pairs_mut().extend_pairs(answer);
    Ok(url.into())
}
