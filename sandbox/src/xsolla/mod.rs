//! Xsolla Login: the project whose users sign in with Xsolla, its Login API, its login page, and a console
//! to watch them and make them fail. Written from <https://developers.xsolla.com/doc/login/> and from what
//! the vendor's SDKs send and expect.

mod api;
mod callbacks;
mod check;
mod codes;
mod config;
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

pub use config::XsollaConfig;
pub use exchanges::{Call, Exchange};
pub use personas::{PERSONAS, Persona};
pub use settings::{Failure, Settings, SettingsChange, Signature};
pub use state::Xsolla;
pub use token_faults::TokenFault;

use crate::pages::Section;
use crate::running::Running;
use crate::service::{Card, Service};

impl Service for Xsolla {
    fn section(&self) -> Section {
        console::SECTION
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

impl Running {
    /// The state and the switches behind the service's routes.
    pub fn xsolla(&self) -> &Xsolla {
        self.service()
    }
}
