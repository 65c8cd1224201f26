//! CloudBase's side of custom login: the gateway that the vendor's browser SDK calls, the key file that
//! hosts sign tickets with, and a console to watch them and make them fail.

mod config;
mod console;
mod control;
mod exchanges;
mod failures;
mod gateway;
mod key_file;
mod keys;
mod outcome;
mod replays;
mod response;
mod sessions;
mod settings;
mod state;
mod ticket;
mod users;

use axum::Router;

pub use config::CloudBaseConfig;
pub use exchanges::Exchange;
pub use key_file::PemForm;
pub use keys::{KeyStatus, KeyView};
pub use outcome::Outcome;
pub use settings::{Failure, Settings, SettingsChange};
pub use state::CloudBase;
pub use users::User;

use crate::pages::Section;
use crate::running::Running;
use crate::service::{Card, Service};

impl Service for CloudBase {
    fn section(&self) -> Section {
        console::SECTION
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

impl Running {
    /// The state and the switches behind the service's routes.
    pub fn cloudbase(&self) -> &CloudBase {
        self.service()
    }
}
