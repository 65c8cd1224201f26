//! Signing in through identity providers: OAuth 2.0 and OpenID Connect, by authorization code with PKCE.
//!
//! ```text
//! GET /oauth/{provider}/start ─▶ flow (state, bound to browser and provider) ─▶ the provider's pages
//! GET|POST /oauth/{provider}/callback ─▶ flow taken, once ─▶ provider: code ─▶ identity ─▶ accounts
//! ```
//!
//! A provider is one file in `providers/` and one line in its registry. It returns who the user is as an
//! [`ExternalIdentity`](crate::accounts::ExternalIdentity); [`Accounts`](crate::accounts::Accounts) decides
//! what to do with it.

mod cause;
mod client;
mod domains;
mod exchange;
mod flow;
mod oidc;
mod provider;
mod providers;
mod store;

use std::{ops::Deref, sync::Arc};

use app::model::ProviderButton;

use crate::{
    clock::Clock,
    config::{HttpConfig, Origin},
    database::Database,
    limits::{Limiter, LimitsConfig},
};

pub use cause::{CAUSES, Cause, Explanation};
pub use flow::{BeginError, Browser, FlowPurpose, Taken};
pub use provider::{
    AccountChoice, Authorization, AuthorizationResponse, Hints, Identified, Proof, Provider,
    ProviderError,
};
pub use providers::OAuthConfig;
pub use store::SWEEP;

/// The configured providers, and the flows of their sign-ins. Cheap to clone.
#[derive(Clone, Debug)]
pub struct OAuth(Arc<Inner>);

/// What sign-ins through providers share.
#[derive(Debug)]
pub struct Inner {
    providers: Vec<Arc<dyn Provider>>,
    database: Database,
    clock: Clock,
    limiter: Limiter,
    limits: Arc<LimitsConfig>,
    login_origin: Origin,
}

impl OAuth {
    /// Sets up every provider that is configured. No request is sent to a provider before the first sign-in.
    ///
    /// # Errors
    /// If no HTTP client can be made.
    pub fn new(
        config: &OAuthConfig,
        http: &HttpConfig,
        database: Database,
        clock: Clock,
        (limiter, limits): (Limiter, Arc<LimitsConfig>),
    ) -> anyhow::Result<Self> {
        Ok(Self(Arc::new(Inner {
            providers: config.providers(&clock)?,
            database,
            clock,
            limiter,
            limits,
            login_origin: http.login_origin.clone(),
        })))
    }

    /// The buttons of the login page, in the registry's order.
    pub fn buttons(&self) -> Vec<ProviderButton> {
        let button = |provider: &Arc<dyn Provider>| ProviderButton {
            name: provider.name().to_owned(),
            label: provider.label().to_owned(),
        };
        self.providers.iter().map(button).collect()
    }

    /// A provider's display name, or its name in URLs if it is no longer configured.
    pub fn label(&self, name: &str) -> String {
        self.provider(name)
            .map_or(name, |provider| provider.label())
            .to_owned()
    }

    /// Looks at what each provider says about itself, and logs what cannot work.
    pub async fn prepare(&self) {
        futures_util::future::join_all(self.providers.iter().map(|provider| provider.prepare()))
            .await;
    }

    /// The provider with this name in URLs, if it is configured.
    pub fn provider(&self, name: &str) -> Option<&Arc<dyn Provider>> {
        self.providers
            .iter()
            .find(|provider| provider.name() == name)
    }
}

impl Deref for OAuth {
    type Target = Inner;

    fn deref(&self) -> &Inner {
        &self.0
    }
}
