//! CloudBase's side of custom login: the gateway that the vendor's browser SDK calls, the key file that
//! hosts sign tickets with, and a console to watch and to break them.

mod answer;
mod console;
mod control;
mod exchanges;
mod failures;
mod gateway;
mod key_file;
mod keys;
mod outcome;
mod replays;
mod sessions;
mod settings;
mod state;
mod ticket;
mod users;

use std::path::PathBuf;

use axum::Router;
use clap::Args;

pub use exchanges::Exchange;
pub use key_file::PemForm;
pub use keys::{KeyStatus, KeyView};
pub use outcome::Outcome;
pub use settings::{Failure, Settings, SettingsChange};
pub use state::CloudBase;
pub use users::User;

use crate::pages::{Card, Section};
use crate::services::{Service, Surroundings};

/// The one environment, and where its administrator downloads the key file to.
#[derive(Debug, Clone, Args)]
pub struct CloudBaseConfig {
    /// Id of the environment, which is the SDK's client id as well.
    #[arg(long = "cloudbase-env-id", env = "SANDBOX_CLOUDBASE_ENV_ID", default_value = DEMO_ENV)]
    pub env_id: String,
    /// File that always holds the current private key, as if somebody had just downloaded it.
    #[arg(long = "cloudbase-key-file", env = "SANDBOX_CLOUDBASE_KEY_FILE")]
    pub key_file: Option<PathBuf>,
}

const DEMO_ENV: &str = "latchkey-demo-1a2b3c";

impl Default for CloudBaseConfig {
    fn default() -> Self {
        Self {
            env_id: DEMO_ENV.to_owned(),
            key_file: None,
        }
    }
}

impl Service for CloudBase {
    type Config = CloudBaseConfig;

    const SECTION: Section = Section {
        path: "/cloudbase",
        label: "CloudBase",
    };

    fn new(config: &CloudBaseConfig, surroundings: &Surroundings) -> anyhow::Result<Self> {
        Self::start(config, surroundings)
    }

    fn card(&self) -> Card {
        Card {
            title: "CloudBase custom login",
            text: "The gateway that turns your signed tickets into users of a cloud backend, its keys \
                   and their rotation, every exchange, and switches for what can go wrong.",
            path: "/cloudbase",
            link: "Open the CloudBase console",
        }
    }

    fn router(&self) -> Router {
        Router::new()
            .merge(gateway::router(self))
            .merge(console::router())
            .with_state(self.clone())
    }
}
