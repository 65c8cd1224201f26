//! Vendors by recipe: a TOML file becomes a credential endpoint, `/api/NAME/credential`, without code.
//!
//! `docs/recipes.md` is the reference of the language.

mod config;
mod document;
mod endpoint;
mod facts;
mod issuer;
mod json;
mod key;
mod keys;
mod param;
mod pattern;
mod payload;
mod recipe;
mod scope;
mod seal;
mod shipped;
mod text;
mod token;
mod trial;
mod unmet;
mod value;

use std::{fmt, num::NonZero, sync::Arc, thread::available_parallelism};

use axum::Router;
use tokio::sync::Semaphore;

pub use self::trial::{Trial, TrialError, TrialUser, check, shipped_names, show, try_out};
use self::{config::RecipesConfig, endpoint::routes, issuer::Issuer};
use super::{
    VendorContext, VendorDefinition, VendorServices,
    access::{CredentialVendor, off},
    vendor::{Vendor, VendorConfig, configured},
};
use crate::{clock::Clock, limits::MemoryLimiter};

/// The vendors by recipe, all together.
pub(super) struct Recipes {
    issuers: Vec<Issuer>,
    /// Permits for RSA signatures, which are made on blocking threads: two for each core, so that the next one
    /// is ready to start when one is done.
    signers: Semaphore,
    limiter: MemoryLimiter,
    clock: Clock,
}

/// The recipes in the registry.
pub(super) const VENDOR: VendorDefinition = VendorDefinition {
    name: "recipes",
    configure: |source, http| {
        let vendors: Vec<&str> = super::REGISTRY.iter().map(|vendor| vendor.name).collect();
        configured(RecipesConfig::from_source(source, http, &vendors))
    },
    login_paths: &[],
    readable_paths: &[],
    off,
    handoff: None,
    cookies: &[],
    storage: &[],
    showcase_script: "",
};

impl VendorConfig for RecipesConfig {
    fn build(&self, context: &VendorContext<'_>) -> anyhow::Result<Arc<dyn Vendor>> {
        let cores = available_parallelism().map_or(1, NonZero::get);
        Ok(Arc::new(Recipes {
            signers: Semaphore::new(2 * cores),
            issuers: self.issuers.clone(),
            limiter: context.limiter(),
            clock: context.clock.clone(),
        }))
    }
}

impl Vendor for Recipes {
    fn self_test(&self) -> anyhow::Result<()> {
        let now = self.clock.now();
        self.issuers
            .iter()
            .try_for_each(|issuer| issuer.self_test(now))
    }

    /// `/api/NAME/credential` for each recipe, and the path that its vendor's script expects.
    fn readable_routes(self: Arc<Self>, services: &VendorServices) -> Router {
        routes(&self, services)
    }
}

impl CredentialVendor for Recipes {
    fn limiter(&self) -> &MemoryLimiter {
        &self.limiter
    }
}

impl fmt::Debug for Recipes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.issuers.iter().map(|issuer| issuer.recipe.name);
        f.debug_list().entries(names).finish()
    }
}

#[cfg(test)]
mod golden;
