//! The origins of the demo site, and the placeholders in the code that its pages show.

use crate::config::{HttpConfig, Origin};

/// The origins of the demo, for the code that vendors' pages show and for the settings of their scripts.
#[derive(Clone, Copy, Debug)]
pub struct DemoSite<'a> {
    pub login: &'a Origin,
    pub site: &'a Origin,
    pub sandbox: &'a Origin,
    /// The parent domain of login and site.
    pub cookie_domain: &'a str,
}

impl<'a> DemoSite<'a> {
    /// The demo site; `None` outside the demo.
    pub fn new(http: &'a HttpConfig) -> Option<Self> {
        Some(Self {
            login: &http.login_origin,
            site: &http.site_origin,
            sandbox: http.sandbox.as_ref()?,
            cookie_domain: &http.cookie_domain,
        })
    }

    /// Replaces `__LOGIN_ORIGIN__`, `__COOKIE_DOMAIN__` and the placeholders in `own` in a code sample.
    pub(super) fn fill(&self, code: &str, own: &[(&str, &str)]) -> String {
        let shared = [
            ("__LOGIN_ORIGIN__", self.login.as_str()),
            ("__COOKIE_DOMAIN__", self.cookie_domain),
        ];
        let names = shared.iter().chain(own);
        names.fold(code.trim_end().to_owned(), |code, (name, value)| {
            code.replace(name, value)
        })
    }
}
