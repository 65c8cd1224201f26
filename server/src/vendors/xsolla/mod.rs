//! Xsolla Login as an upstream login: its users have the project's JWT in the cookie `token`, and vendors
//! that accept upstream logins accept it. It has no endpoint of its own. With the same tokens, it can also be
//! an identity provider (`oauth/providers`).

mod config;
mod keys;
mod token;

use std::{fmt, sync::Arc};

use async_trait::async_trait;
use url::Url;

use super::{
    DemoSite, VendorContext, VendorDefinition,
    access::off,
    upstream::{UpstreamError, UpstreamLogin, UpstreamUser},
    vendor::{Vendor, VendorConfig, configured},
};

pub(crate) use config::XsollaConfig;
pub(crate) use token::{ISSUER, UserToken, Verifier};

/// Xsolla Login, configured.
pub(super) struct Xsolla {
    project_id: String,
    verifier: Verifier,
}

/// Xsolla Login in the registry. It has no endpoints, so `off` is never called.
pub(super) const VENDOR: VendorDefinition = VendorDefinition {
    name: "xsolla",
    configure: |source, http| configured(XsollaConfig::from_source(source, http)),
    login_paths: &[],
    readable_paths: &[],
    off,
    handoff: None,
    cookies: &[],
    storage: &[],
    showcase_script: "",
};

impl VendorConfig for XsollaConfig {
    fn build(&self, context: &VendorContext<'_>) -> anyhow::Result<Arc<dyn Vendor>> {
        Ok(Arc::new(Xsolla {
            project_id: self.project_id.clone(),
            verifier: Verifier::new(self, context.clock.clone())?,
        }))
    }
}

impl Vendor for Xsolla {
    fn self_test(&self) -> anyhow::Result<()> {
        self.verifier.self_test()
    }

    fn upstream_login(self: Arc<Self>) -> Option<Arc<dyn UpstreamLogin>> {
        Some(self)
    }
}

#[async_trait]
impl UpstreamLogin for Xsolla {
    fn label(&self) -> &str {
        "Xsolla Login"
    }

    fn issuer(&self) -> &str {
        self.verifier.issuer()
    }

    fn page(&self, site: &DemoSite<'_>, back: &str) -> Option<String> {
        let page = site.sandbox.url("/xsolla/login");
        let query = [("projectId", self.project_id.as_str()), ("login_url", back)];
        Url::parse_with_params(&page, query).ok().map(String::from)
    }

    async fn verify(&self, token: &str) -> Result<UpstreamUser, UpstreamError> {
        let user = self.verifier.verify(token).await?;
        Ok(UpstreamUser {
            issuer: self.issuer().to_owned(),
            subject: user.subject,
            email: user.email,
            email_verified: user.email_verified,
            name: user.name.or(user.username),
            expires_at: user.expires_at,
        })
    }
}

impl fmt::Debug for Xsolla {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Xsolla")
    }
}

#[cfg(test)]
mod golden;
