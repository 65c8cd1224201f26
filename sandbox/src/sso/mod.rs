//! An OpenID provider: it signs its personas in by the authorization code flow (OpenID Connect Core
//! 1.0) with PKCE (RFC 7636), names itself in each response (RFC 9207), and has a console with
//! switches for the faults of such a provider. Its issuer is `{public_url}/sso`.

mod authorize;
mod config;
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

pub use config::SsoConfig;
pub use log::{Calls, Event, Log, Step};
pub use personas::{PERSONAS, Persona};
pub use settings::{
    AuthorizationFailure, DiscoveryFailure, EmailVerifiedFault, IdTokenFault, JwksFailure,
    OpenerPolicy, Settings, SettingsChange, TokenFailure, UserinfoFailure,
};
pub use state::Sso;

use crate::pages::Section;
use crate::running::Running;
use crate::service::{Card, Service};

impl Service for Sso {
    fn section(&self) -> Section {
        console::SECTION
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

impl Running {
    /// The state and the switches behind the service's routes.
    pub fn sso(&self) -> &Sso {
        self.service()
    }
}
