//! The registry of identity providers: one file and one line for each. A provider is off unless its variables
//! are set.

mod apple;
mod github;
mod gitlab;
mod google;
mod microsoft;
mod parts;
mod sso;
mod xsolla;

use std::{sync::Arc, time::Duration};

use super::provider::{Provider, ProviderConfig};
use crate::{
    clock::Clock,
    config::{HttpConfig, Source},
};

/// Reads a provider's settings; returns `None` if the provider is off.
type FromSource = fn(&Source, &HttpConfig) -> Option<Arc<dyn ProviderConfig>>;

const REGISTRY: &[FromSource] = &[
    sso::from_source,
    google::from_source,
    microsoft::from_source,
    apple::from_source,
    github::from_source,
    gitlab::from_source,
    xsolla::from_source,
];

/// The settings of all providers that are on, in the order of their buttons.
#[derive(Clone, Debug)]
pub struct OAuthConfig {
    providers: Vec<Arc<dyn ProviderConfig>>,
    /// `OAUTH_TIMEOUT_MS`: limit of one request to a provider as a whole, including the wait for a permit.
    timeout: Duration,
}

impl OAuthConfig {
    pub(crate) fn from_source(source: &Source, http: &HttpConfig) -> Self {
        let providers = REGISTRY.iter().filter_map(|read| read(source, http));
        Self {
            providers: providers.collect(),
            timeout: Duration::from_millis(source.number("OAUTH_TIMEOUT_MS", 10_000, 100..=10_000)),
        }
    }

    /// The providers that are configured.
    ///
    /// # Errors
    /// If one cannot be set up.
    pub fn providers(&self, clock: &Clock) -> anyhow::Result<Vec<Arc<dyn Provider>>> {
        let providers = self.providers.iter();
        providers
            .map(|config| config.build(clock, self.timeout))
            .collect()
    }
}

#[cfg(test)]
mod tests;
