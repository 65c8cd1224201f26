//! The Callback URLs that are registered for the project, and the way back to one of them.

use url::Url;

use crate::services::Surroundings;

/// Where users may be sent.
pub(super) struct Callbacks([String; 3]);

impl Callbacks {
    pub(super) fn new(surroundings: &Surroundings) -> Self {
        let (login, site) = (&surroundings.login_origin, &surroundings.site_origin);
        Self([
            format!("{login}/oauth/xsolla/callback"),
            format!("{site}/zendesk"),
            format!("{site}/xsolla"),
        ])
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
