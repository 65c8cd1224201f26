//! Ferndesk's side of JWT identification: the API that checks hosts' tokens, the widget behind the
//! vendor's loader, a help centre under its own host name, and a console to watch and to break them.

mod analytics;
mod articles;
mod console;
mod control;
mod domain_rule;
mod exchanges;
mod help_centre;
mod identify;
mod settings;
mod state;
mod token;
mod widget;
mod widgets;

use axum::Router;
use clap::Args;

pub use analytics::IdentifiedSession;
pub use exchanges::{Exchange, Outcome};
pub use settings::{Contract, Failure, Settings, SettingsChange};
pub use state::Ferndesk;

use crate::config::Origin;
use crate::pages::{Card, Section};
use crate::secret::Secret;
use crate::services::{Service, Site, Surroundings};

/// The one help centre, as somebody would have set it up in Ferndesk's dashboard.
#[derive(Debug, Clone, Args)]
pub struct FerndeskConfig {
    /// JWT secret of the Ferndesk help centre.
    #[arg(
        long = "ferndesk-jwt-secret", env = "SANDBOX_FERNDESK_JWT_SECRET", hide_env_values = true,
        default_value = DEMO_SECRET
    )]
    pub jwt_secret: Secret,
    /// Id of the Ferndesk widget that sites embed.
    #[arg(
        long = "ferndesk-widget-id", env = "SANDBOX_FERNDESK_WIDGET_ID",
        default_value = DEMO_WIDGET
    )]
    pub widget_id: String,
    /// Origin of the Ferndesk help centre [default: http://help.latchkey.localhost:PORT]
    #[arg(long = "ferndesk-help-origin", env = "SANDBOX_FERNDESK_HELP_ORIGIN")]
    pub help_origin: Option<Origin>,
}

const DEMO_SECRET: &str = "ferndesk-demo-secret-not-for-production";
const DEMO_WIDGET: &str = "wg_demo";

impl Default for FerndeskConfig {
    fn default() -> Self {
        Self {
            jwt_secret: DEMO_SECRET.into(),
            widget_id: DEMO_WIDGET.to_owned(),
            help_origin: None,
        }
    }
}

impl Service for Ferndesk {
    type Config = FerndeskConfig;

    const SECTION: Section = Section {
        path: "/ferndesk",
        label: "Ferndesk",
    };

    fn new(config: &FerndeskConfig, surroundings: &Surroundings) -> anyhow::Result<Self> {
        Self::start(config, surroundings)
    }

    fn card(&self) -> Card {
        Card {
            title: "Ferndesk",
            text: "The help widget and its help centre, the check of every token that names a user, \
                   the sessions it identified, and a switch for each way it can fail.",
            path: "/ferndesk",
            link: "Open the Ferndesk console",
        }
    }

    fn router(&self) -> Router {
        Router::new()
            .merge(console::router())
            .merge(identify::router())
            .merge(widgets::router())
            .merge(widget::router())
            .with_state(self.clone())
    }

    fn site(&self) -> Option<Site> {
        // The help centre runs the same widget, which asks the host that it was loaded from.
        let router = Router::new()
            .merge(help_centre::router())
            .merge(identify::router())
            .merge(widgets::router())
            .merge(widget::router())
            .with_state(self.clone());
        Some(Site {
            origin: self.help_origin().clone(),
            router,
        })
    }
}
