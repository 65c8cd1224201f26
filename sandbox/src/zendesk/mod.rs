//! Zendesk's side of authenticated chat: the token exchange of Chat's Web SDK, the Visitors API, Messaging's
//! `loginUser`, both browser scripts, and a console to watch them and make them fail.

mod chat;
mod config;
mod console;
mod control;
mod exchanges;
mod failures;
mod messaging;
mod rejection;
mod settings;
mod state;
mod visitors;
mod widget;

use axum::Router;

pub use config::ZendeskConfig;
pub use exchanges::{Call, Exchange};
pub use messaging::users::MessagingUser;
pub use settings::{ApiScope, CreatedFormat, Failure, Settings, SettingsChange, VisitorIdFormat};
pub use state::Zendesk;
pub use visitors::directory::Visitor;

use crate::pages::Section;
use crate::running::Running;
use crate::service::{Card, Service};

impl Service for Zendesk {
    fn section(&self) -> Section {
        console::SECTION
    }

    fn card(&self) -> Card {
        Card {
            title: "Zendesk Chat and Messaging",
            text: "Authenticated visitors: the token checks of both products, the Visitors API, both \
                   widgets, and switches for clocks, bans, secrets and failures.",
            path: "/zendesk",
            link: "Open the Zendesk console",
        }
    }

    fn router(&self) -> Router {
        Router::new()
            .merge(chat::router())
            .merge(visitors::router())
            .merge(messaging::router())
            .merge(console::router())
            .merge(widget::router())
            .with_state(self.clone())
    }
}

impl Running {
    /// The state and the switches behind the service's routes.
    pub fn zendesk(&self) -> &Zendesk {
        self.service()
    }
}
