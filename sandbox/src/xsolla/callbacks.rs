//! The Callback URLs that are registered for the project, and the way back to one of them.

use url::Url;

use super::config::XsollaConfig;
use crate::service::ServiceContext;

/// The addresses that the login page may send users to.
pub(super) struct Callbacks(Vec<String>);

impl Callbacks {
    /// The configured addresses, or else the callback of the host's login and the customer's page.
    pub(super) fn new(config: &XsollaConfig, context: &ServiceContext) -> Self {
        if !config.callback_urls.is_empty() {
            return Self(config.callback_urls.clone());
        }
        let login = format!("{}/oauth/xsolla/callback", context.login_origin);
        let page = format!("{}/xsolla", context.site_origin);
        Self(vec![login, page])
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
