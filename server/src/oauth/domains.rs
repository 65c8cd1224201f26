//! The domains whose accounts may sign in through a provider.

use anyhow::anyhow;

use super::{Cause, ProviderError};
use crate::config::Source;

/// A list of domains; if it is empty, every account may sign in.
#[derive(Clone, Debug, Default)]
pub(super) struct Domains(Vec<String>);

impl Domains {
    /// Reads the setting `name`: domains separated by commas.
    pub(super) fn from_source(source: &Source, name: &str) -> Self {
        let rule = "be domains separated by commas, such as example.com, without @ and *";
        let is_plain = |c: char| c.is_ascii_alphanumeric() || "-.".contains(c);
        Self(source.list(name, rule, |domain| {
            let is_domain = domain.contains('.')
                && domain.chars().all(is_plain)
                && domain.split('.').all(|label| !label.is_empty());
            is_domain.then(|| domain.to_ascii_lowercase())
        }))
    }

    /// Accepts an account of this domain. A subdomain is another domain.
    ///
    /// # Errors
    /// [`Cause::OtherDomain`], also if the account has none.
    pub(super) fn check(&self, domain: Option<&str>) -> Result<(), ProviderError> {
        let is_listed = |domain: &str| self.0.contains(&domain.to_ascii_lowercase());
        if self.0.is_empty() || domain.is_some_and(is_listed) {
            return Ok(());
        }
        Err(ProviderError::new(
            Cause::OtherDomain,
            anyhow!("the account is of none of the domains that may sign in"),
        ))
    }
}
