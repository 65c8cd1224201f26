//! The vendors: each turns a signed-in user into the short-lived credential that its widget or backend wants.
//!
//! A vendor is one folder with the same files as the others: `mod.rs` (its routes), `config.rs` (its variables; without
//! them it is off and its routes answer 404), `credential.rs`, `README.md`. It is registered here, and nothing outside
//! this folder knows it by name.

mod identity;
mod knoon;

use std::sync::Arc;

use app::model::HandoffFailure;
use axum::Router;

use crate::{
    accounts::User,
    clock::Clock,
    config::{HttpConfig, LimitsConfig, Source},
    handoff::{Credential, Handoffs},
    state::AppState,
};

pub use identity::{VendorIdentity, Withheld};

/// The vendors' settings; `None` is a vendor that is off.
#[derive(Clone, Debug)]
pub struct VendorsConfig {
    pub knoon: Option<knoon::KnoonConfig>,
}

impl VendorsConfig {
    pub(crate) fn from_source(source: &Source, http: &HttpConfig) -> Self {
        Self {
            knoon: knoon::KnoonConfig::from_source(source, http),
        }
    }
}

/// The vendors that are on.
#[derive(Clone, Debug)]
pub struct Vendors {
    knoon: Option<Arc<knoon::Knoon>>,
}

/// What the popup's hand-over has to know of the vendor whose credential it hands over.
#[derive(Clone, Copy, Debug)]
pub struct HandoffVendor {
    /// The endpoint that gives the credential.
    pub credential_path: &'static str,
    /// How the names of the cookies begin in which the opener's page keeps it.
    pub cookie_prefix: &'static str,
    /// Path of the widget's script below the vendor's origin.
    pub widget_path: &'static str,
}

/// The vendor of the popup.
pub const HANDOFF: HandoffVendor = knoon::HANDOFF;

impl Vendors {
    /// Sets up every vendor that is configured.
    ///
    /// # Errors
    /// If a client for a vendor's API cannot be made.
    pub fn new(
        config: &VendorsConfig,
        http: &HttpConfig,
        limits: &LimitsConfig,
        clock: &Clock,
    ) -> anyhow::Result<Self> {
        let knoon = config
            .knoon
            .as_ref()
            .map(|config| knoon::Knoon::new(config, http, limits, clock));
        Ok(Self {
            knoon: knoon.transpose()?.map(Arc::new),
        })
    }

    /// The credential endpoints of all vendors.
    pub fn routes() -> Router<AppState> {
        Router::new().merge(knoon::routes())
    }

    /// The popup's credential for a user, as its credential endpoint gives it.
    ///
    /// # Errors
    /// [`HandoffFailure`] as the popup explains it.
    pub async fn handoff_credential(
        &self,
        user: User,
        chat_box_id: &str,
        handoffs: &Handoffs,
    ) -> Result<Credential, HandoffFailure> {
        let knoon = self.knoon.as_ref().ok_or(HandoffFailure::Unavailable)?;
        knoon.handoff_credential(user, chat_box_id, handoffs).await
    }

    /// How the names of cookies begin that hold credentials on the parent domain. Signing out deletes them all.
    pub fn cookie_prefixes() -> impl Iterator<Item = &'static str> {
        [HANDOFF.cookie_prefix].into_iter()
    }
}
