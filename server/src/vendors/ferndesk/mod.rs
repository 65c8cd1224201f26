//! Ferndesk help widget, "JWT authentication": `GET /api/ferndesk-token` gives the signed-in user's token, which the page
//! passes to `Ferndesk('identify', { token })`.

mod config;
mod credential;
mod showcase;

use app::model::Showcase;
use axum::{
    Router,
    http::{HeaderName, header::CONTENT_TYPE},
    routing::get,
};

use self::{config::FerndeskConfig, credential::Tokens};
use super::{
    Place, Surroundings, UpstreamLogins,
    access::{Asking, Denied},
    vendor::{CredentialVendor, Vendor},
};
use crate::{
    clock::Clock,
    config::{HttpConfig, Source},
    limits::MemoryLimiter,
    state::AppState,
};

/// Ferndesk, configured.
#[derive(Debug)]
pub(super) struct Ferndesk {
    config: FerndeskConfig,
    tokens: Tokens,
    limiter: MemoryLimiter,
    clock: Clock,
}

impl Vendor for Ferndesk {
    type Config = FerndeskConfig;

    /// The vendor's loader is told where the sandbox's script is.
    const SHOWCASE_SCRIPT: &'static str = concat!(
        "\"use strict\";\nwindow.FERNDESK_SDK_SRC = Showcase.settings.sdkUrl;\n",
        include_str!("loader.js"),
        include_str!("showcase.js"),
    );

    fn config(source: &Source, http: &HttpConfig) -> Option<FerndeskConfig> {
        FerndeskConfig::from_source(source, http)
    }

    fn new(config: &FerndeskConfig, surroundings: &Surroundings<'_>) -> anyhow::Result<Self> {
        Ok(Self {
            config: config.clone(),
            tokens: Tokens::new(config),
            limiter: surroundings.limiter(),
            clock: surroundings.clock.clone(),
        })
    }

    fn self_test(&self) -> anyhow::Result<()> {
        self.tokens.self_test(self.clock.now())
    }

    fn showcase(&self, place: &Place<'_>, _: &UpstreamLogins) -> Option<Showcase> {
        showcase::showcase(&self.config, place)
    }

    /// `GET /api/ferndesk-token`.
    fn readable_routes() -> Router<AppState> {
        Router::new().route("/api/ferndesk-token", get(token))
    }
}

impl CredentialVendor for Ferndesk {
    fn limiter(&self) -> &MemoryLimiter {
        &self.limiter
    }
}

/// The bare token, as the vendor's snippet reads it with `response.text()`.
async fn token(
    Asking { vendor, user }: Asking<Ferndesk>,
) -> Result<([(HeaderName, &'static str); 1], String), Denied> {
    let token = vendor.tokens.token(&user, vendor.clock.now());
    let token = token.map_err(Denied::failed)?;
    Ok(([(CONTENT_TYPE, "text/plain; charset=utf-8")], token))
}

#[cfg(test)]
mod golden;
