//! Knoon's side of custom sign-in: the credentials API, the chat box widget with its backend, and a
//! console to watch and to break them.

mod api;
mod basic_auth;
mod chat_boxes;
mod console;
mod control;
mod credentials;
mod exchanges;
mod failures;
mod organizations;
mod refusal;
mod session;
mod settings;
mod signing;
mod state;
mod widget;

use axum::Router;
use clap::Args;

pub use credentials::CredentialsRequest;
pub use exchanges::{Call, Exchange, Outcome};
pub use settings::{ExpiresAtFormat, Failure, Settings, SettingsChange};
pub use state::Knoon;

use crate::pages::{Card, Section};
use crate::secret::Secret;
use crate::services::{Service, Surroundings};

/// The host's organization.
#[derive(Debug, Clone, Args)]
pub struct KnoonConfig {
    /// Organization ID that the host signs in to the Knoon API with.
    #[arg(long = "knoon-org-id", env = "SANDBOX_KNOON_ORG_ID", default_value = DEMO_ORG)]
    pub org_id: String,
    /// API key that belongs to the organization.
    #[arg(
        long = "knoon-api-key", env = "SANDBOX_KNOON_API_KEY", hide_env_values = true,
        default_value = DEMO_KEY
    )]
    pub api_key: Secret,
}

const DEMO_ORG: &str = "org_demo";
const DEMO_KEY: &str = "knoon-demo-key-not-for-production";

impl Default for KnoonConfig {
    fn default() -> Self {
        Self {
            org_id: DEMO_ORG.to_owned(),
            api_key: DEMO_KEY.into(),
        }
    }
}

impl Service for Knoon {
    type Config = KnoonConfig;

    const SECTION: Section = Section {
        path: "/knoon",
        label: "Knoon",
    };

    fn new(config: &KnoonConfig, surroundings: &Surroundings) -> anyhow::Result<Self> {
        Self::start(config, surroundings)
    }

    fn card(&self) -> Card {
        Card {
            title: "Knoon Chat Box",
            text: "The credentials API, the chat box that customers embed, every exchange between \
                   host and vendor, and a switch for each way the vendor can fail.",
            path: "/knoon",
            link: "Open the Knoon console",
        }
    }

    fn router(&self) -> Router {
        Router::new()
            .merge(api::router())
            .merge(console::router())
            .merge(widget::router())
            .with_state(self.clone())
    }
}
