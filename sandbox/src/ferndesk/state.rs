//! The state of the sandbox's Ferndesk, shared by tests and HTTP routes.

use std::sync::{Arc, Mutex};

use anyhow::Context;
use url::Url;

use super::analytics::IdentifiedSession;
use super::config::FerndeskConfig;
use super::exchanges::Exchange;
use super::settings::{Failure, Settings, SettingsChange};
use crate::clock::Clock;
use crate::history::History;
use crate::lock::lock;
use crate::origin::Origin;
use crate::secret::{Replaceable, Secret};
use crate::service::ServiceContext;

/// A handle to the sandbox's Ferndesk; copies share their state.
#[derive(Clone)]
pub struct Ferndesk(Arc<Inner>);

struct Inner {
    widget_id: String,
    help_origin: Origin,
    secret: Replaceable,
    context: ServiceContext,
    settings: Mutex<Settings>,
    exchanges: History<Exchange>,
    identified: History<IdentifiedSession>,
}

impl Ferndesk {
    pub(crate) fn start(config: &FerndeskConfig, context: &ServiceContext) -> anyhow::Result<Self> {
        let help_origin = match &config.help_origin {
            Some(origin) => origin.clone(),
            None => help_origin_beside(&context.public_url)?,
        };
        Ok(Self(Arc::new(Inner {
            widget_id: config.widget_id.clone(),
            help_origin,
            secret: Replaceable::new(&config.jwt_secret)?,
            context: context.clone(),
            settings: Mutex::default(),
            exchanges: History::default(),
            identified: History::default(),
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

    /// Makes the identify call fail in this way until it is set to [`Failure::None`].
    pub fn set_failure(&self, failure: Failure) {
        self.change(&SettingsChange {
            failure: Some(failure),
            ..SettingsChange::default()
        });
    }

    /// The latest identify calls, oldest first.
    pub fn exchanges(&self) -> Vec<Exchange> {
        self.0.exchanges.all()
    }

    /// The latest sessions whose user is known, oldest first.
    pub fn identified(&self) -> Vec<IdentifiedSession> {
        self.0.identified.all()
    }

    /// The origin of the help center.
    pub fn help_origin(&self) -> &Origin {
        &self.0.help_origin
    }

    pub(super) fn record(&self, exchange: Exchange) {
        tracing::info!(
            outcome = exchange.outcome.code(),
            origin = exchange.origin.as_deref(),
            "ferndesk identify call"
        );
        self.0.exchanges.push(exchange);
    }

    pub(super) fn record_session(&self, session: IdentifiedSession) {
        self.0.identified.push(session);
    }

    /// The secret that tokens currently have to be signed with.
    pub(super) fn secret(&self) -> &Secret {
        self.0.secret.at(self.settings().secret)
    }

    pub(super) fn widget_id(&self) -> &str {
        &self.0.widget_id
    }

    pub(super) fn clock(&self) -> &Clock {
        &self.0.context.clock
    }

    pub(super) fn login_origin(&self) -> &Origin {
        &self.0.context.login_origin
    }

    pub(super) fn site_origin(&self) -> &Origin {
        &self.0.context.site_origin
    }

    pub(super) fn public_url(&self) -> &Origin {
        &self.0.context.public_url
    }
}

/// The help center's origin in the demo: the sandbox's port under a host name of its own.
fn help_origin_beside(public_url: &Origin) -> anyhow::Result<Origin> {
    let url = Url::parse(public_url.as_str())?;
    let port = url
        .port_or_known_default()
        .context("the origin has no port")?;
    Ok(Origin::demo("help", port))
}
