//! What a vendor is to the rest of the server.

use std::{fmt, sync::Arc};

use app::model::Showcase;
use async_trait::async_trait;
use axum::{Router, response::Response};

use super::{
    access::VendorServices,
    demo_site::DemoSite,
    upstream::{UpstreamLogin, UpstreamLogins},
    visitors::VisitorDirectory,
};
use crate::{
    accounts::User,
    clock::Clock,
    config::{HttpConfig, Source},
    handoff::{ChatBox, Credential, Failure},
    limits::{LimitsConfig, MemoryLimiter},
};

/// A line of the registry: what is known of a vendor before its settings are read.
#[derive(Debug)]
pub struct VendorDefinition {
    /// Its name in paths and in stored links.
    pub name: &'static str,
    /// Reads its settings; `None` without them, and then it is off.
    pub configure: fn(&Source, &HttpConfig) -> Option<Arc<dyn VendorConfig>>,
    /// Paths of its endpoints for pages of the login alone.
    pub login_paths: &'static [&'static str],
    /// Paths of its endpoints that pages of the embedding site read by GET, as vendors' snippets do.
    pub readable_paths: &'static [&'static str],
    /// What these paths answer while the vendor is off.
    pub off: fn() -> Response,
    /// What the popup has to know, if the credential is handed over there.
    pub handoff: Option<HandoffVendor>,
    /// The cookies on the parent domain in which pages keep its credentials; a star ends a prefix.
    pub cookies: &'static [&'static str],
    /// Names under which its own script keeps a user's credentials in the storage of pages; a star ends a prefix.
    pub storage: &'static [&'static str],
    /// The script of its page on the demo site, `showcase.js`; empty without one.
    pub showcase_script: &'static str,
}

/// A vendor's settings, checked.
pub trait VendorConfig: fmt::Debug + Send + Sync {
    /// Sets the vendor up.
    ///
    /// # Errors
    /// If the settings give no client or no key.
    fn build(&self, context: &VendorContext<'_>) -> anyhow::Result<Arc<dyn Vendor>>;
}

/// Settings as the registry keeps them.
pub(super) fn configured<C: VendorConfig + 'static>(
    config: Option<C>,
) -> Option<Arc<dyn VendorConfig>> {
    config.map(|config| Arc::new(config) as Arc<dyn VendorConfig>)
}

/// A configured vendor.
#[async_trait]
pub trait Vendor: fmt::Debug + Send + Sync {
    /// Makes a credential and checks it as the vendor would. Runs once, at the start, so that a wrong key is found
    /// before the first user.
    ///
    /// # Errors
    /// If the credential is not valid.
    fn self_test(&self) -> anyhow::Result<()> {
        Ok(())
    }

    /// Its endpoints at [`login_paths`](VendorDefinition::login_paths).
    fn login_routes(self: Arc<Self>, _: &VendorServices) -> Router {
        Router::new()
    }

    /// Its endpoints at [`readable_paths`](VendorDefinition::readable_paths).
    fn readable_routes(self: Arc<Self>, _: &VendorServices) -> Router {
        Router::new()
    }

    /// The credential that the popup hands over to a page with this chat box. Only a vendor with a
    /// [`handoff`](VendorDefinition::handoff) has one.
    async fn handoff_credential(
        &self,
        _user: User,
        _chat_box: &ChatBox,
    ) -> Result<Credential, Failure> {
        Err(Failure::Unavailable)
    }

    /// Its page on the demo site, if it has one; `logins` are those whose users it may accept.
    fn showcase(&self, _: &DemoSite<'_>, _logins: &UpstreamLogins) -> Option<Showcase> {
        None
    }

    /// Itself as a login whose users other vendors accept, if it is one.
    fn upstream_login(self: Arc<Self>) -> Option<Arc<dyn UpstreamLogin>> {
        None
    }

    /// Its list of visitors, if it can be asked.
    fn visitor_directory(&self) -> Option<Arc<dyn VisitorDirectory>> {
        None
    }
}

/// What vendors are set up with.
#[derive(Clone, Copy, Debug)]
pub struct VendorContext<'a> {
    pub http: &'a HttpConfig,
    pub limits: &'a LimitsConfig,
    pub clock: &'a Clock,
}

impl VendorContext<'_> {
    /// A limit on the credentials of one user.
    pub(super) fn limiter(&self) -> MemoryLimiter {
        MemoryLimiter::new(self.limits.credentials, self.clock.clone())
    }
}

/// What the popup has to know of the vendor whose credential it hands over.
#[derive(Clone, Copy, Debug)]
pub struct HandoffVendor {
    /// Its name in the registry.
    pub name: &'static str,
    /// The endpoint that gives the credential.
    pub credential_path: &'static str,
    /// Prefix of the cookies in which the opener's page keeps it.
    pub cookie_prefix: &'static str,
    /// Path of the widget's script below the vendor's origin.
    pub widget_path: &'static str,
}
