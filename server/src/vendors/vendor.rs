//! The interface between a vendor and the rest of the server.

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
    audit::CredentialUses,
    clock::Clock,
    config::{HttpConfig, Source},
    handoff::{ChatBox, Credential, Failure},
    limits::{LimitsConfig, MemoryLimiter},
};

/// An entry of the registry: what is known about a vendor before its settings are read.
#[derive(Debug)]
pub struct VendorDefinition {
    /// Its name in paths and in stored links.
    pub name: &'static str,
    /// Reads its settings. `None` if they are not set, which turns the vendor off.
    pub configure: fn(&Source, &HttpConfig) -> Option<Arc<dyn VendorConfig>>,
    /// Paths of its endpoints for pages of the login only.
    pub login_paths: &'static [&'static str],
    /// Paths of its endpoints that pages of the embedding site may read, too: vendors' snippets GET them.
    pub readable_paths: &'static [&'static str],
    /// The response at these paths while the vendor is off.
    pub off: fn() -> Response,
    /// What the popup needs to know, if it hands over this vendor's credential.
    pub handoff: Option<HandoffVendor>,
    /// Cookies on the parent domain in which pages keep its credentials. A trailing `*` matches any suffix.
    pub cookies: &'static [&'static str],
    /// Storage entries in which its own script keeps a user's credentials. A trailing `*` matches any suffix.
    pub storage: &'static [&'static str],
    /// The script of its page on the demo site, `showcase.js`; empty if it has none.
    pub showcase_script: &'static str,
}

/// A vendor's validated settings.
pub trait VendorConfig: fmt::Debug + Send + Sync {
    /// Sets the vendor up.
    ///
    /// # Errors
    /// If the settings do not yield a usable key, or no HTTP client can be created.
    fn build(&self, context: &VendorContext<'_>) -> anyhow::Result<Arc<dyn Vendor>>;
}

/// Erases the type of a vendor's settings, for [`VendorDefinition::configure`].
pub(super) fn configured<C: VendorConfig + 'static>(
    config: Option<C>,
) -> Option<Arc<dyn VendorConfig>> {
    config.map(|config| Arc::new(config) as Arc<dyn VendorConfig>)
}

/// A configured vendor.
#[async_trait]
pub trait Vendor: fmt::Debug + Send + Sync {
    /// Creates a credential and verifies it as the vendor would. Runs once, when the server starts, so that
    /// an unusable key is found before the first user needs it.
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

    /// The credential that the popup hands over to a page with this chat box. Only called for a vendor with
    /// [`handoff`](VendorDefinition::handoff).
    async fn handoff_credential(
        &self,
        _user: User,
        _chat_box: &ChatBox,
    ) -> Result<Credential, Failure> {
        Err(Failure::Unavailable)
    }

    /// Its page on the demo site, if it has one. `logins` are the upstream logins whose users it may accept.
    fn showcase(&self, _: &DemoSite<'_>, _logins: &UpstreamLogins) -> Option<Showcase> {
        None
    }

    /// This vendor as an upstream login, if its users are accepted by other vendors.
    fn upstream_login(self: Arc<Self>) -> Option<Arc<dyn UpstreamLogin>> {
        None
    }

    /// Its list of visitors, if it has an API for that and the API is configured.
    fn visitor_directory(&self) -> Option<Arc<dyn VisitorDirectory>> {
        None
    }
}

/// What vendors need to be set up.
#[derive(Clone, Copy, Debug)]
pub struct VendorContext<'a> {
    pub http: &'a HttpConfig,
    pub limits: &'a LimitsConfig,
    pub clock: &'a Clock,
    pub uses: &'a CredentialUses,
}

impl VendorContext<'_> {
    /// A new rate limiter for the credentials of each user.
    pub(super) fn limiter(&self) -> MemoryLimiter {
        MemoryLimiter::new(self.limits.credentials, self.clock.clone())
    }
}

/// What the popup needs to know about the vendor whose credential it hands over.
#[derive(Clone, Copy, Debug)]
pub struct HandoffVendor {
    /// Its name in the registry.
    pub name: &'static str,
    /// The path of its credential endpoint.
    pub credential_path: &'static str,
    /// The prefix of the cookies in which the opener's page keeps the credential.
    pub cookie_prefix: &'static str,
    /// The path of the widget's script on the sandbox's origin, for the demo site.
    pub widget_path: &'static str,
}
