//! The vendors as the rest of the server uses them: all of the registry, on or off.

use std::sync::Arc;

use app::model::Showcase;
use axum::{Router, routing::any};

use super::{
    REGISTRY,
    access::VendorServices,
    demo_site::DemoSite,
    own_login::{OwnLogin, OwnLoginConfig},
    upstream::{self, UpstreamLogins},
    vendor::{HandoffVendor, Vendor, VendorConfig, VendorContext, VendorDefinition},
    visitors::VisitorDirectory,
};
use crate::{
    accounts::User,
    audit::{CredentialUses, Site},
    config::{HttpConfig, Source},
    handoff::{ChatBox, Credential, Failure},
};

/// The settings of the vendors that are on, and of the site's own login.
#[derive(Clone, Debug)]
pub struct VendorsConfig {
    /// In the order of the registry; `None` for a vendor that is off.
    vendors: Vec<Option<Arc<dyn VendorConfig>>>,
    own_login: Option<OwnLoginConfig>,
}

impl VendorsConfig {
    pub(crate) fn from_source(source: &Source, http: &HttpConfig) -> Self {
        let vendors = REGISTRY.iter();
        Self {
            vendors: vendors
                .map(|vendor| (vendor.configure)(source, http))
                .collect(),
            own_login: OwnLoginConfig::from_source(source, http),
        }
    }
}

/// The vendors. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Vendors {
    vendors: Arc<[Registered]>,
    upstream_logins: UpstreamLogins,
    uses: CredentialUses,
    /// The parent domain on which pages keep credentials.
    pub(super) cookie_domain: Arc<str>,
}

/// An entry of the registry, with its vendor unless that is off.
#[derive(Debug)]
struct Registered {
    definition: &'static VendorDefinition,
    vendor: Option<Arc<dyn Vendor>>,
}

impl Vendors {
    /// Sets up and tests every vendor that is configured.
    ///
    /// # Errors
    /// If a vendor cannot be set up from its settings, or its self-test fails.
    pub fn new(config: &VendorsConfig, context: &VendorContext<'_>) -> anyhow::Result<Self> {
        let registered = REGISTRY.iter().zip(&config.vendors);
        let vendors: Vec<Registered> = registered
            .map(|(definition, config)| Registered::start(definition, config.as_deref(), context))
            .collect::<anyhow::Result<_>>()?;
        let own_login = config.own_login.as_ref();
        let own_login = own_login.map(|config| OwnLogin::start(config, context));
        let own_login = own_login.transpose()?;
        let logins = vendors
            .iter()
            .filter_map(|registered| registered.vendor.clone()?.upstream_login());
        Ok(Self {
            upstream_logins: UpstreamLogins::new(own_login.into_iter().chain(logins)),
            vendors: vendors.into(),
            uses: context.uses.clone(),
            cookie_domain: context.http.cookie_domain.as_str().into(),
        })
    }

    /// The vendor whose credential the popup hands over, if one is registered.
    pub fn handoff() -> Option<HandoffVendor> {
        REGISTRY.iter().find_map(|vendor| vendor.handoff)
    }

    /// The logins whose users vendors may accept.
    pub fn upstream_logins(&self) -> &UpstreamLogins {
        &self.upstream_logins
    }

    /// The visitor directories of the vendors that are on.
    pub fn visitor_directories(&self) -> Vec<Arc<dyn VisitorDirectory>> {
        let vendors = self.on();
        vendors
            .filter_map(|(_, vendor)| vendor.visitor_directory())
            .collect()
    }

    /// The endpoints of all vendors, in two routers: those for pages of the login only, and those that pages
    /// of the embedding site may read, too.
    pub fn routes(&self, services: &VendorServices) -> (Router, Router) {
        let (mut login, mut readable) = (Router::new(), Router::new());
        for Registered { definition, vendor } in self.vendors.iter() {
            match vendor {
                Some(vendor) => {
                    login = login.merge(Arc::clone(vendor).login_routes(services));
                    readable = readable.merge(Arc::clone(vendor).readable_routes(services));
                }
                None => {
                    login = off(login, definition.login_paths, definition);
                    readable = off(readable, definition.readable_paths, definition);
                }
            }
        }
        (login, readable)
    }

    /// The credential that the popup hands over, for a user and a chat box.
    ///
    /// # Errors
    /// [`Failure`], which the popup explains to the user.
    pub async fn handoff_credential(
        &self,
        user: User,
        chat_box: &ChatBox,
    ) -> Result<Credential, Failure> {
        let mut vendors = self.on();
        let (definition, vendor) = vendors
            .find(|(definition, _)| definition.handoff.is_some())
            .ok_or(Failure::Unavailable)?;
        let user_id = user.id.clone();
        let credential = vendor.handoff_credential(user, chat_box).await?;
        let site = Site::ChatBox(chat_box.id.clone());
        self.uses.note(definition.name, user_id, site);
        Ok(credential)
    }

    /// The names of all cookies and storage entries with users' data. A trailing `*` matches any suffix.
    pub fn traces(&self) -> Vec<String> {
        let token = (!self.upstream_logins.is_empty()).then(|| upstream::COOKIE.to_owned());
        let own = REGISTRY
            .iter()
            .flat_map(|vendor| vendor.cookies.iter().chain(vendor.storage));
        own.map(ToString::to_string).chain(token).collect()
    }

    /// The pages on the demo site of the vendors that are on.
    pub fn showcases(&self, site: &DemoSite<'_>) -> Vec<Showcase> {
        let vendors = self.on();
        vendors
            .filter_map(|(_, vendor)| vendor.showcase(site, &self.upstream_logins))
            .collect()
    }

    /// The script of a vendor's page on the demo site.
    pub fn showcase_script(name: &str) -> Option<&'static str> {
        let found = REGISTRY.iter().find(|vendor| vendor.name == name)?;
        Some(found.showcase_script).filter(|script| !script.is_empty())
    }

    /// Whether a cookie with this name holds a vendor's credential, or the token of an upstream login.
    pub(super) fn is_credential_cookie(&self, name: &str) -> bool {
        let is_token = name == upstream::COOKIE && !self.upstream_logins.is_empty();
        let mut cookies = REGISTRY.iter().flat_map(|vendor| vendor.cookies);
        is_token || cookies.any(|cookie| matches(cookie, name))
    }

    fn on(&self) -> impl Iterator<Item = (&'static VendorDefinition, &Arc<dyn Vendor>)> {
        let registered = self.vendors.iter();
        registered
            .filter_map(|registered| Some((registered.definition, registered.vendor.as_ref()?)))
    }
}

impl Registered {
    fn start(
        definition: &'static VendorDefinition,
        config: Option<&dyn VendorConfig>,
        context: &VendorContext<'_>,
    ) -> anyhow::Result<Self> {
        let vendor = config.map(|config| config.build(context)).transpose()?;
        if let Some(vendor) = &vendor {
            vendor.self_test()?;
        }
        Ok(Self { definition, vendor })
    }
}

/// Adds the paths of a vendor that is off.
fn off(router: Router, paths: &[&str], definition: &'static VendorDefinition) -> Router {
    paths.iter().fold(router, |router, path| {
        router.route(path, any(async || (definition.off)()))
    })
}

/// Whether a name matches a pattern, in which a trailing `*` matches any suffix.
fn matches(pattern: &str, name: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(prefix) => name.starts_with(prefix),
        None => name == pattern,
    }
}
