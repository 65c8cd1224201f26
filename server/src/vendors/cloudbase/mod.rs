//! CloudBase, "Custom Login": `GET /api/cloudbase/ticket` gives the signed-in user's ticket, which the page passes to the
//! browser SDK.

mod config;
mod credential;
mod keys;
mod rsa_key;
mod showcase;

use std::{num::NonZero, sync::Arc, thread::available_parallelism};

use app::model::Showcase;
use axum::{Json, Router, routing::get};
use serde_json::{Value, json};
use tokio::{sync::Semaphore, task::spawn_blocking};

use self::{config::CloudBaseConfig, keys::Keys};
use super::{
    Place, Surroundings, UpstreamLogins, VendorIdentity,
    access::{Asking, Denied},
    vendor::{CredentialVendor, Vendor},
};
use crate::{
    clock::Clock,
    config::{HttpConfig, Source},
    limits::MemoryLimiter,
    state::AppState,
};

/// CloudBase, configured.
#[derive(Debug)]
pub(super) struct CloudBase {
    keys: Arc<Keys>,
    /// An RSA signature takes most of a millisecond, and so is made off the threads that answer. There are two at once for
    /// each core: one that is made, and one that is ready to be as soon as the first is done.
    signers: Semaphore,
    limiter: MemoryLimiter,
    clock: Clock,
}

impl Vendor for CloudBase {
    type Config = CloudBaseConfig;

    const STORAGE: &'static [&'static str] = &["credentials_*", "user_info_*"];

    const SHOWCASE_SCRIPT: &'static str = include_str!("showcase.js");

    fn config(source: &Source, _: &HttpConfig) -> Option<CloudBaseConfig> {
        CloudBaseConfig::from_source(source)
    }

    fn new(config: &CloudBaseConfig, surroundings: &Surroundings<'_>) -> anyhow::Result<Self> {
        let cores = available_parallelism().map_or(1, NonZero::get);
        Ok(Self {
            keys: Arc::new(Keys::open(&config.key_files)?),
            signers: Semaphore::new(2 * cores),
            limiter: surroundings.limiter(),
            clock: surroundings.clock.clone(),
        })
    }

    fn self_test(&self) -> anyhow::Result<()> {
        let key = self.keys.newest();
        let ticket = credential::ticket(
            &key,
            &VendorIdentity::nobody().external_id,
            self.clock.now(),
        )?;
        let (_, token) = ticket.split_once("/@@/").unwrap_or_default();
        let (message, signature) = token.rsplit_once('.').unwrap_or_default();
        anyhow::ensure!(
            key.rsa.verifies(message, signature),
            "a ticket has a wrong signature"
        );
        Ok(())
    }

    fn showcase(&self, place: &Place<'_>, _: &UpstreamLogins) -> Option<Showcase> {
        Some(showcase::showcase(&self.keys.newest().environment, place))
    }

    /// `GET /api/cloudbase/ticket`.
    fn readable_routes() -> Router<AppState> {
        Router::new().route("/api/cloudbase/ticket", get(ticket))
    }
}

impl CredentialVendor for CloudBase {
    fn limiter(&self) -> &MemoryLimiter {
        &self.limiter
    }
}

impl CloudBase {
    async fn ticket(&self, user: VendorIdentity) -> anyhow::Result<String> {
        let _signer = self.signers.acquire().await?;
        let (keys, now) = (Arc::clone(&self.keys), self.clock.now());
        spawn_blocking(move || credential::ticket(&keys.newest(), &user.external_id, now)).await?
    }
}

async fn ticket(Asking { vendor, user }: Asking<CloudBase>) -> Result<Json<Value>, Denied> {
    let ticket = vendor.ticket(user).await.map_err(Denied::failed)?;
    Ok(Json(json!({ "ticket": ticket })))
}

#[cfg(test)]
mod golden;
