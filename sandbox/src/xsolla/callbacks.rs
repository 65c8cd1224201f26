//! The Callback URLs that are registered for the project, and the way back to one of them.

use url::Url;

use super::config::XsollaConfig;
use crate::{origin::Origin, service::ServiceContext};

/// The addresses that the login page may send users to.
pub(super) struct Callbacks {
    registered: Vec<String>,
    /// The customer's site, each of whose pages is registered unless addresses are configured.
    site: Option<Origin>,
}

impl Callbacks {
    /// The configured addresses, or else the callback of the host's login and the pages of the customer's site.
    pub(super) fn new(config: &XsollaConfig, context: &ServiceContext) -> Self {
        if !config.callback_urls.is_empty() {
            return Self {
                registered: config.callback_urls.clone(),
                site: None,
            };
        }
        Self {
            registered: vec![format!("{}/oauth/xsolla/callback", context.login_origin)],
            site: Some(context.site_origin.clone()),
        }
    }

    /// Addresses are compared as strings (RFC 9700, section 4.1.3).
    pub(super) fn contain(&self, address: &str) -> bool {
        self.registered
            .iter()
            .any(|registered| registered == address)
            || self
                .site
                .as_ref()
                .is_some_and(|site| is_page(site, address))
    }

    /// Every address, as the console shows it.
    pub(super) fn shown(&self) -> Vec<String> {
        let pages = self.site.iter().map(|site| format!("{site}/PAGE"));
        self.registered.iter().cloned().chain(pages).collect()
    }
}

/// Whether an address is a site's origin, a slash and the name of a page in lower case.
fn is_page(site: &Origin, address: &str) -> bool {
    let page = address.strip_prefix(&format!("{site}/"));
    page.is_some_and(|page| !page.is_empty() && page.bytes().all(|byte| byte.is_ascii_lowercase()))
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
