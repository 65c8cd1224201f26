//! The state of the sandbox's Knoon, shared by tests and HTTP routes.

use std::sync::{Arc, Mutex};

use super::chat_boxes::ChatBoxes;
use super::config::KnoonConfig;
use super::exchanges::Exchange;
use super::organizations::Organizations;
use super::settings::{Failure, Settings, SettingsChange};
use super::signing::Signer;
use crate::clock::Clock;
use crate::history::History;
use crate::lock::lock;
use crate::origin::Origin;
use crate::secret::Secret;
use crate::service::ServiceContext;

/// A handle to the sandbox's Knoon; copies share their state.
#[derive(Clone)]
pub struct Knoon(Arc<Inner>);

struct Inner {
    organizations: Organizations,
    context: ServiceContext,
    chat_boxes: ChatBoxes,
    signer: Signer,
    settings: Mutex<Settings>,
    exchanges: History<Exchange>,
}

impl Knoon {
    pub(crate) fn start(config: &KnoonConfig, context: &ServiceContext) -> anyhow::Result<Self> {
        Ok(Self(Arc::new(Inner {
            organizations: Organizations::new(config)?,
            context: context.clone(),
            chat_boxes: ChatBoxes::demo(&config.org_id),
            signer: Signer::random()?,
            settings: Mutex::default(),
            exchanges: History::default(),
        })))
    }

    /// The switches as they are now.
    pub fn settings(&self) -> Settings {
        *lock(&self.0.settings)
    }

    /// Sets the switches that `change` names and returns all of them.
    pub fn change(&self, change: &SettingsChange) -> Settings {
        let mut settings = lock(&self.0.settings);
        settings.apply(change);
        *settings
    }

    /// Makes the credentials API fail in this way until it is set to [`Failure::None`].
    pub fn set_failure(&self, failure: Failure) {
        self.change(&SettingsChange {
            failure: Some(failure),
            ..SettingsChange::default()
        });
    }

    /// The latest calls, oldest first.
    pub fn exchanges(&self) -> Vec<Exchange> {
        self.0.exchanges.all()
    }

    pub(super) fn record(&self, exchange: Exchange) {
        tracing::info!(
            outcome = exchange.outcome.code(),
            call = exchange.call.label(),
            chat_box = exchange.chat_box_id.as_deref(),
            "knoon exchange"
        );
        self.0.exchanges.push(exchange);
    }

    /// The host's organization.
    pub(super) fn org_id(&self) -> &str {
        self.0.organizations.own_id()
    }

    /// The key that the organization with this id currently has to use.
    pub(super) fn api_key(&self, org_id: &str) -> Option<&Secret> {
        let own_key = self.settings().api_key;
        self.0.organizations.key(org_id, own_key)
    }

    pub(super) fn chat_boxes(&self) -> &ChatBoxes {
        &self.0.chat_boxes
    }

    pub(super) fn signer(&self) -> &Signer {
        &self.0.signer
    }

    pub(super) fn clock(&self) -> &Clock {
        &self.0.context.clock
    }

    pub(super) fn login_origin(&self) -> &Origin {
        &self.0.context.login_origin
    }

    pub(super) fn public_url(&self) -> &Origin {
        &self.0.context.public_url
    }
}
