//! CloudBase, "Custom Login": `GET /api/cloudbase/ticket` returns a ticket for the signed-in user, which the
//! page passes to the browser SDK.

mod config;
mod credential;
mod keys;
mod showcase;

use std::{num::NonZero, sync::Arc, thread::available_parallelism};

use app::model::Showcase;
use axum::{Json, Router, extract::State, http::HeaderMap, routing::get};
use serde_json::{Value, json};
use tokio::{sync::Semaphore, task::spawn_blocking};

use self::{config::CloudBaseConfig, keys::Keys};
use super::{
    DemoSite, UpstreamLogins, VendorContext, VendorDefinition, VendorIdentity, VendorServices,
    access::{CredentialRequest, CredentialVendor, Denied, Endpoint, off},
    vendor::{Vendor, VendorConfig, configured},
};
use crate::{clock::Clock, limits::MemoryLimiter};

/// CloudBase, configured.
#[derive(Debug)]
pub(super) struct CloudBase {
    keys: Arc<Keys>,
    /// Permits for RSA signatures. A signature takes most of a millisecond, so it is computed on a blocking
    /// thread, not on the threads that serve requests. There are two permits for each core, so that the next
    /// signature is ready to start when one is done.
    signers: Semaphore,
    limiter: MemoryLimiter,
    clock: Clock,
}

const NAME: &str = "cloudbase";
const TICKET: &str = "/api/cloudbase/ticket";

/// CloudBase in the registry.
pub(super) const VENDOR: VendorDefinition = VendorDefinition {
    name: NAME,
    configure: |source, _| configured(CloudBaseConfig::from_source(source)),
    login_paths: &[],
    readable_paths: &[TICKET],
    off,
    handoff: None,
    cookies: &[],
    storage: &["credentials_*", "user_info_*"],
    showcase_script: include_str!("showcase.js"),
};

impl VendorConfig for CloudBaseConfig {
    fn build(&self, context: &VendorContext<'_>) -> anyhow::Result<Arc<dyn Vendor>> {
        let cores = available_parallelism().map_or(1, NonZero::get);
        Ok(Arc::new(CloudBase {
            keys: Arc::new(Keys::open(&self.key_files)?),
            signers: Semaphore::new(2 * cores),
            limiter: context.limiter(),
            clock: context.clock.clone(),
        }))
    }
}

impl Vendor for CloudBase {
    fn self_test(&self) -> anyhow::Result<()> {
        let key = self.keys.newest();
        let ticket = credential::ticket(
            &key,
            &VendorIdentity::placeholder().external_id,
            self.clock.now(),
        )?;
        let (_, token) = ticket.split_once("/@@/").unwrap_or_default();
        anyhow::ensure!(
            key.signer.verifies(token),
            "the signature of the self-test ticket is wrong"
        );
        Ok(())
    }

    /// `GET /api/cloudbase/ticket`.
    fn readable_routes(self: Arc<Self>, services: &VendorServices) -> Router {
        Router::new()
            .route(TICKET, get(ticket))
            .with_state(Endpoint::new(self, services))
    }

    fn showcase(&self, site: &DemoSite<'_>, _: &UpstreamLogins) -> Option<Showcase> {
        Some(showcase::showcase(&self.keys.newest().environment, site))
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

async fn ticket(
    State(Endpoint { services, .. }): State<Endpoint<CloudBase>>,
    headers: HeaderMap,
    CredentialRequest { vendor, user }: CredentialRequest<CloudBase>,
) -> Result<Json<Value>, Denied> {
    let user_id = user.external_id.clone();
    let ticket = vendor.ticket(user).await.map_err(Denied::failed)?;
    services.note_use(NAME, user_id, &headers);
    Ok(Json(json!({ "ticket": ticket })))
}

#[cfg(test)]
mod golden;
