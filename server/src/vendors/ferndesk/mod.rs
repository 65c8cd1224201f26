//! Ferndesk help widget, "JWT authentication": `GET /api/ferndesk-token` returns a token for the signed-in
//! user, which the page passes to `Ferndesk('identify', { token })`.

mod config;
mod credential;
mod showcase;

use std::sync::Arc;

use app::model::Showcase;
use axum::{
    Router,
    extract::State,
    http::{HeaderMap, HeaderName, header::CONTENT_TYPE},
    routing::get,
};

use self::{config::FerndeskConfig, credential::Tokens};
use super::{
    DemoSite, UpstreamLogins, VendorContext, VendorDefinition, VendorServices,
    access::{CredentialRequest, CredentialVendor, Denied, Endpoint, off},
    vendor::{Vendor, VendorConfig, configured},
};
use crate::{clock::Clock, limits::MemoryLimiter};

/// Ferndesk, configured.
#[derive(Debug)]
pub(super) struct Ferndesk {
    config: FerndeskConfig,
    tokens: Tokens,
    limiter: MemoryLimiter,
    clock: Clock,
}

const NAME: &str = "ferndesk";
const TOKEN: &str = "/api/ferndesk-token";

/// Ferndesk in the registry.
pub(super) const VENDOR: VendorDefinition = VendorDefinition {
    name: NAME,
    configure: |source, http| configured(FerndeskConfig::from_source(source, http)),
    login_paths: &[],
    readable_paths: &[TOKEN],
    off,
    handoff: None,
    cookies: &[],
    storage: &[],
    // Makes the vendor's loader load the sandbox's script.
    showcase_script: concat!(
        "\"use strict\";\nwindow.FERNDESK_SDK_SRC = Showcase.settings.sdkUrl;\n",
        include_str!("loader.js"),
        include_str!("showcase.js"),
    ),
};

impl VendorConfig for FerndeskConfig {
    fn build(&self, context: &VendorContext<'_>) -> anyhow::Result<Arc<dyn Vendor>> {
        Ok(Arc::new(Ferndesk {
            config: self.clone(),
            tokens: Tokens::new(self)?,
            limiter: context.limiter(),
            clock: context.clock.clone(),
        }))
    }
}

impl Vendor for Ferndesk {
    fn self_test(&self) -> anyhow::Result<()> {
        self.tokens.self_test(self.clock.now())
    }

    /// `GET /api/ferndesk-token`.
    fn readable_routes(self: Arc<Self>, services: &VendorServices) -> Router {
        Router::new()
            .route(TOKEN, get(token))
            .with_state(Endpoint::new(self, services))
    }

    fn showcase(&self, site: &DemoSite<'_>, _: &UpstreamLogins) -> Option<Showcase> {
        showcase::showcase(&self.config, site)
    }
}

impl CredentialVendor for Ferndesk {
    fn limiter(&self) -> &MemoryLimiter {
        &self.limiter
    }
}

/// Responds with the bare token, since the vendor's snippet reads it with `response.text()`.
async fn token(
    State(Endpoint { services, .. }): State<Endpoint<Ferndesk>>,
    headers: HeaderMap,
    CredentialRequest { vendor, user }: CredentialRequest<Ferndesk>,
) -> Result<([(HeaderName, &'static str); 1], String), Denied> {
    let token = vendor.tokens.token(&user, vendor.clock.now());
    let token = token.map_err(Denied::failed)?;
    services.note_use(NAME, user.external_id, &headers);
    Ok(([(CONTENT_TYPE, "text/plain; charset=utf-8")], token))
}

#[cfg(test)]
mod golden;
