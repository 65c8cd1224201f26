//! Ferndesk's side of JWT identification: the API that checks hosts' tokens, the widget behind the
//! vendor's loader, a help center under its own host name, and a console to watch them and make them fail.

mod analytics;
mod articles;
mod config;
mod console;
mod control;
mod domain_rule;
mod exchanges;
mod help_center;
mod identify;
mod settings;
mod state;
mod token;
mod widget;
mod widgets;

use axum::Router;

pub use analytics::IdentifiedSession;
pub use config::FerndeskConfig;
pub use exchanges::{Exchange, Outcome};
pub use settings::{Contract, Failure, Settings, SettingsChange};
pub use state::Ferndesk;

use crate::pages::Section;
use crate::running::Running;
use crate::service::{Card, Service, Site};

impl Service for Ferndesk {
    fn section(&self) -> Section {
        console::SECTION
    }

    fn card(&self) -> Card {
        Card {
            title: "Ferndesk",
            text: "The help widget and its help center, the check of every token that names a user, \
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
        // The help center runs the same widget, which calls the API on the host that it was loaded from.
        let router = Router::new()
            .merge(help_center::router())
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

impl Running {
    /// The state and the switches behind the service's routes.
    pub fn ferndesk(&self) -> &Ferndesk {
        self.service()
    }
}
