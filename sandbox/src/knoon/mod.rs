//! Knoon's side of custom sign-in: the credentials API, the chat box widget with its backend, and a
//! console to watch them and make them fail.

mod api;
mod basic_auth;
mod chat_boxes;
mod config;
mod console;
mod control;
mod credentials;
mod exchanges;
mod failures;
mod organizations;
mod rejection;
mod session;
mod settings;
mod signing;
mod state;
mod widget;

use axum::Router;

pub use config::KnoonConfig;
pub use credentials::CredentialsRequest;
pub use exchanges::{Call, Exchange, Outcome};
pub use settings::{ExpiresAtFormat, Failure, Settings, SettingsChange};
pub use state::Knoon;

use crate::pages::Section;
use crate::running::Running;
use crate::service::{Card, Service};

impl Service for Knoon {
    fn section(&self) -> Section {
        console::SECTION
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

impl Running {
    /// The state and the switches behind the service's routes.
    pub fn knoon(&self) -> &Knoon {
        self.service()
    }
}
