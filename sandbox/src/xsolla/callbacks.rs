//! The callback URLs that are registered for the project, and redirects to them.

use url::Url;

use super::config::XsollaConfig;
use crate::{origin::Origin, service::ServiceContext};

/// The URLs to which the login page may send users.
pub(super) struct Callbacks {
    registered: Vec<String>,
    /// The customer's site, whose pages are all registered unless callback URLs are configured.
    site: Option<Origin>,
}

impl Callbacks {
    /// The configured URLs; by default, the callback of the host's login and the customer's pages.
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

    /// Whether `address` is registered, compared as a string (RFC 9700, section 4.1.3).
    pub(super) fn contain(&self, address: &str) -> bool {
        self.registered
            .iter()
            .any(|registered| registered == address)
            || self
                .site
                .as_ref()
                .is_some_and(|site| is_page(site, address))
    }

    /// Every registered URL, as the console shows it.
    pub(super) fn shown(&self) -> Vec<String> {
        let pages = self.site.iter().map(|site| format!("{site}/PAGE"));
        self.registered.iter().cloned().chain(pages).collect()
    }
}

/// Whether `address` is the site's origin, a slash, and a page name in lower case.
fn is_page(site: &Origin, address: &str) -> bool {
    let page = address.strip_prefix(&format!("{site}/"));
    page.is_some_and(|page| !page.is_empty() && page.bytes().all(|byte| byte.is_ascii_lowercase()))
}

/// Appends `parameters` to the query of `callback`.
///
/// # Errors
/// `callback` is not a URL.
pub(super) fn with_query(callback: &str, parameters: &[(&str, &str)]) -> anyhow::Result<String> {
    let mut url = Url::parse(callback)?;
    url.query_pairs_mut().extend_pairs(parameters);
    Ok(url.into())
}
