//! Xsolla Login: the project whose users sign in with Xsolla, its Login API, its login page, and a console
//! to watch and to break them. Written from <https://developers.xsolla.com/doc/login/> and from what the
//! vendor's SDKs send and expect.

mod api;
mod callbacks;
mod check;
mod codes;
mod console;
mod control;
mod exchanges;
mod failures;
mod keys;
mod login_page;
mod personas;
mod server_token;
mod settings;
mod state;
mod token_faults;
mod user_token;

use axum::Router;
use clap::Args;

pub use exchanges::{Call, Exchange};
pub use personas::{PERSONAS, Persona};
pub use settings::{Failure, Settings, SettingsChange, Signature};
pub use state::Xsolla;
pub use token_faults::TokenFault;

use crate::pages::{Card, Section};
use crate::secret::Secret;
use crate::services::{Service, Surroundings};

/// The Login project, as somebody would have set it up in Xsolla's Publisher Account.
#[derive(Debug, Clone, Args)]
pub struct XsollaConfig {
    /// ID of the Login project.
    #[arg(id = "xsolla-project-id", long, env = "SANDBOX_XSOLLA_PROJECT_ID", default_value = DEMO_PROJECT)]
    pub project_id: String,
    /// Secret that signs the project's user JWTs.
    #[arg(
        id = "xsolla-secret", long, env = "SANDBOX_XSOLLA_SECRET", hide_env_values = true,
        default_value = DEMO_SECRET
    )]
    pub secret: Secret,
    /// ID of the project's OAuth 2.0 client.
    #[arg(id = "xsolla-client-id", long, env = "SANDBOX_XSOLLA_CLIENT_ID", default_value = DEMO_CLIENT)]
    pub client_id: String,
    /// Secret of the project's OAuth 2.0 client.
    #[arg(
        id = "xsolla-client-secret", long, env = "SANDBOX_XSOLLA_CLIENT_SECRET", hide_env_values = true,
        default_value = DEMO_CLIENT_SECRET
    )]
    pub client_secret: Secret,
}

const DEMO_PROJECT: &str = "40db2ea4-5d42-11e6-a3ff-005056a0e04a";
const DEMO_SECRET: &str = "xsolla-demo-secret-not-for-production";
const DEMO_CLIENT: &str = "1001";
const DEMO_CLIENT_SECRET: &str = "xsolla-demo-client-secret-not-for-production";

impl Default for XsollaConfig {
    fn default() -> Self {
        Self {
            project_id: DEMO_PROJECT.to_owned(),
            secret: DEMO_SECRET.into(),
            client_id: DEMO_CLIENT.to_owned(),
            client_secret: DEMO_CLIENT_SECRET.into(),
        }
    }
}

impl Service for Xsolla {
    type Config = XsollaConfig;

    const SECTION: Section = Section {
        path: "/xsolla",
        label: "Xsolla",
    };

    fn new(config: &XsollaConfig, surroundings: &Surroundings) -> anyhow::Result<Self> {
        Self::start(config, surroundings)
    }

    fn card(&self) -> Card {
        Card {
            title: "Xsolla Login",
            text: "A Login project with users of its own: the login page, the API, the list of keys, \
                   and a switch for each way its tokens can be wrong.",
            path: "/xsolla",
            link: "Open the Xsolla console",
        }
    }

    fn router(&self) -> Router {
        Router::new()
            .merge(api::router())
            .merge(login_page::router())
            .merge(console::router())
            .with_state(self.clone())
    }
}
