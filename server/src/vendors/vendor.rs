//! What a vendor is to the rest of the server.

use std::{fmt, sync::Arc};

use app::model::Showcase;
use axum::Router;

use super::{
    place::Place,
    upstream::{UpstreamLogin, UpstreamLogins},
    visitors::VisitorDirectory,
};
use crate::{
    accounts::User,
    clock::Clock,
    config::{HttpConfig, LimitsConfig, Source},
    handoff::{Credential, Failure, Handoffs},
    limits::MemoryLimiter,
    state::AppState,
};

/// A vendor: its folder implements this, and a line of the registry turns it on.
pub(super) trait Vendor: fmt::Debug + Sized + Send + Sync + 'static {
    /// Its settings, checked.
    type Config: Clone + fmt::Debug;

    /// What the popup has to know, if the credential is handed over there.
    const HANDOFF: Option<HandoffVendor> = None;

    /// The cookies on the parent domain in which pages keep its credentials; a star ends the beginning of names.
    const COOKIES: &'static [&'static str] = &[];

    /// Names under which its own script keeps a user's credentials in the storage of pages, written alike.
    const STORAGE: &'static [&'static str] = &[];

    /// The script of its page on the demo site, `showcase.js`.
    const SHOWCASE_SCRIPT: &'static str = "";

    /// Reads its variables; `None` without them, and then it is off.
    fn config(source: &Source, http: &HttpConfig) -> Option<Self::Config>;

    /// Sets it up.
    ///
    /// # Errors
    /// If a client or a key cannot be made of the settings.
    fn new(config: &Self::Config, surroundings: &Surroundings<'_>) -> anyhow::Result<Self>;

    /// Makes a credential and checks it as the vendor would. Runs once, at the start: a key that cannot sign, or a
    /// library without its cryptography, must not wait for the first user.
    ///
    /// # Errors
    /// If the credential is not one.
    fn self_test(&self) -> anyhow::Result<()> {
        Ok(())
    }

    /// Its page on the demo site, if it has one. The logins elsewhere are those whose users it may take.
    fn showcase(&self, _: &Place<'_>, _: &UpstreamLogins) -> Option<Showcase> {
        None
    }

    /// The credential that the popup hands over to a page with this chat box. Only a vendor with a
    /// [`HANDOFF`](Self::HANDOFF) has one.
    fn handoff_credential(
        &self,
        _user: User,
        _chat_box_id: &str,
        _handoffs: &Handoffs,
    ) -> impl Future<Output = Result<Credential, Failure>> + Send {
        async { Err(Failure::Unavailable) }
    }

    /// Itself as a login whose users other vendors take, if it is one.
    fn upstream_login(self: Arc<Self>) -> Option<Arc<dyn UpstreamLogin>> {
        None
    }

    /// Its list of visitors, if it can be asked.
    fn visitor_directory(self: Arc<Self>) -> Option<Arc<dyn VisitorDirectory>> {
        None
    }

    /// Its endpoints for pages of the login alone. They are there while it is off, and answer 404.
    fn routes() -> Router<AppState> {
        Router::new()
    }

    /// Its endpoints that pages of the embedding site read by GET, as vendors' snippets do.
    fn readable_routes() -> Router<AppState> {
        Router::new()
    }
}

/// A vendor whose endpoints give credentials to the signed-in user.
pub(super) trait CredentialVendor: Vendor {
    /// The limit on the credentials of one user.
    fn limiter(&self) -> &MemoryLimiter;
}

/// What vendors are given to be set up with.
#[derive(Clone, Copy, Debug)]
pub struct Surroundings<'a> {
    pub http: &'a HttpConfig,
    pub limits: &'a LimitsConfig,
    pub clock: &'a Clock,
}

impl Surroundings<'_> {
    /// A limit on the credentials of one user.
    pub(super) fn limiter(&self) -> MemoryLimiter {
        MemoryLimiter::new(self.limits.credentials, self.clock.clone())
    }
}

/// What the popup's hand-over has to know of the vendor whose credential it hands over.
#[derive(Clone, Copy, Debug)]
pub struct HandoffVendor {
    /// Its name in the registry.
    pub name: &'static str,
    /// The endpoint that gives the credential.
    pub credential_path: &'static str,
    /// How the names of the cookies begin in which the opener's page keeps it.
    pub cookie_prefix: &'static str,
    /// Path of the widget's script below the vendor's origin.
    pub widget_path: &'static str,
}

/// Whether a name is the pattern's, whose end may be a star for every ending.
pub(super) fn matches(pattern: &str, name: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(beginning) => name.starts_with(beginning),
        None => name == pattern,
    }
}

/// A vendor that is on, tested.
pub(super) fn start<V: Vendor>(
    config: Option<&V::Config>,
    surroundings: &Surroundings<'_>,
) -> anyhow::Result<Option<Arc<V>>> {
    let Some(config) = config else {
        return Ok(None);
    };
    let vendor = V::new(config, surroundings)?;
    vendor.self_test()?;
    Ok(Some(Arc::new(vendor)))
}

/// The first vendor of the popup, if there is one.
pub(super) const fn first(handoffs: &[Option<HandoffVendor>]) -> Option<HandoffVendor> {
    let mut index = 0;
    while index < handoffs.len() {
        if handoffs[index].is_some() {
            return handoffs[index];
        }
        index += 1;
    }
    None
}
