//! An OpenID provider: it signs its personas in by the authorization code flow (OpenID Connect Core
//! 1.0) with PKCE (RFC 7636), says in each answer who answers (RFC 9207), and has a console with a
//! switch for each thing that such a provider can do wrong. Its issuer is `{public_url}/sso`.

mod authorize;
mod console;
mod control;
mod failures;
mod grants;
mod id_token;
mod keys;
mod log;
mod metadata;
mod personas;
mod settings;
mod state;
mod switches;
mod token;
mod userinfo;

use axum::Router;
use clap::Args;

pub use log::{Calls, Event, Log, Step};
pub use personas::{PERSONAS, Persona};
pub use settings::{
    AuthorizationFailure, DiscoveryFailure, EmailVerifiedFault, IdTokenFault, JwksFailure,
    OpenerPolicy, Settings, SettingsChange, TokenFailure, UserinfoFailure,
};
pub use state::Sso;

use crate::pages::{Card, Section};
use crate::secret::Secret;
use crate::services::{Service, Surroundings};

/// The one client that is registered with the provider.
#[derive(Debug, Clone, Args)]
pub struct SsoConfig {
    /// Client ID that the host signs people in with.
    #[arg(long = "sso-client-id", env = "SANDBOX_SSO_CLIENT_ID", default_value = DEMO_CLIENT)]
    pub client_id: String,
    /// Client secret that belongs to the client ID.
    #[arg(
        long = "sso-client-secret", env = "SANDBOX_SSO_CLIENT_SECRET", hide_env_values = true,
        default_value = DEMO_SECRET
    )]
    pub client_secret: Secret,
}

const DEMO_CLIENT: &str = "latchkey-demo";
const DEMO_SECRET: &str = "latchkey-demo-sso-secret-not-for-production";

impl Default for SsoConfig {
    fn default() -> Self {
        Self {
            client_id: DEMO_CLIENT.to_owned(),
            client_secret: DEMO_SECRET.into(),
        }
    }
}

impl Service for Sso {
    type Config = SsoConfig;

    const SECTION: Section = Section {
        path: "/sso",
        label: "OpenID",
    };

    fn new(config: &SsoConfig, surroundings: &Surroundings) -> anyhow::Result<Self> {
        Self::start(config, surroundings)
    }

    fn card(&self) -> Card {
        Card {
            title: "OpenID provider",
            text: "Single sign-on with a choice of people instead of passwords, the record of every \
                   login, and a switch for each thing that a provider can get wrong.",
            path: "/sso",
            link: "Open the provider's console",
        }
    }

    fn router(&self) -> Router {
        Router::new()
            .merge(metadata::router())
            .merge(authorize::router())
            .merge(token::router())
            .merge(userinfo::router())
            .merge(failures::router())
            .merge(console::router())
            .with_state(self.clone())
    }
}
