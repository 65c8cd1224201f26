//! Vendors by recipe: a TOML file becomes a credential endpoint, `/api/NAME/credential`, without code.
//!
//! `docs/recipes.md` is the reference of the language.

mod config;
mod declared;
mod document;
mod endpoint;
mod exchange;
mod facts;
mod issuer;
mod json;
mod key;
mod keys;
mod names;
mod param;
mod pattern;
mod payload;
mod published;
mod recipe;
mod scope;
mod seal;
mod shape;
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
use self::{
    config::RecipesConfig, endpoint::RecipeVendor, exchange::Exchanger, issuer::Issuer,
    published::Published, shape::Shape,
};
use super::{
    access::{VendorServices, off},
    vendor::{Vendor, VendorConfig, VendorContext, VendorDefinition, configured},
};

/// The vendors by recipe, all together.
pub(super) struct Recipes {
    vendors: Vec<Arc<RecipeVendor>>,
    published: Option<Published>,
}

/// The recipes in the registry.
pub(super) const VENDOR: VendorDefinition = VendorDefinition {
    name: "recipes",
    configure: |source, http| configured(RecipesConfig::from_source(source, http, super::REGISTRY)),
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
        let signers = Arc::new(Semaphore::new(2 * cores));
        let today = context.clock.now().date().unwrap_or_default();
        let vendor = |issuer: &Issuer| {
            if let Some(sunset) = &issuer.recipe.sunset
                && *sunset <= today
            {
                tracing::warn!(
                    vendor = issuer.recipe.name,
                    sunset,
                    "the vendor no longer accepts what this recipe makes"
                );
            }
            let exchanger = match &issuer.recipe.shape {
                Shape::Exchange(_) => Some(Exchanger::new()?),
                _ => None,
            };
            Ok(Arc::new(RecipeVendor {
                issuer: issuer.clone(),
                exchanger,
                signers: Arc::clone(&signers),
                limiter: context.limiter(),
                clock: context.clock.clone(),
            }))
        };
        let vendors = self.issuers.iter().map(vendor);
        Ok(Arc::new(Recipes {
            vendors: vendors.collect::<anyhow::Result<_>>()?,
            published: self.published.clone(),
        }))
    }
}

impl Vendor for Recipes {
    fn self_test(&self) -> anyhow::Result<()> {
        let mut vendors = self.vendors.iter();
        vendors.try_for_each(|vendor| vendor.self_test())
    }

    /// `GET /.well-known/jwks.json` and the document that leads to it.
    fn login_routes(self: Arc<Self>, _: &VendorServices) -> Router {
        let issuers = self.vendors.iter().map(|vendor| vendor.issuer.clone());
        match &self.published {
            Some(published) => published::routes(published.clone(), issuers),
            None => Router::new(),
        }
    }

    /// `/api/NAME/credential` for each recipe, and the path that its vendor's script expects.
    fn readable_routes(self: Arc<Self>, services: &VendorServices) -> Router {
        let vendors = self.vendors.iter();
        let routes = vendors.map(|vendor| endpoint::routes(vendor, services));
        routes.fold(Router::new(), Router::merge)
    }
}

impl fmt::Debug for Recipes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(&self.vendors).finish()
    }
}

#[cfg(test)]
mod golden;
