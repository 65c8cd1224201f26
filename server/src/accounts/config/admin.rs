//! Who may look up other users' accounts.

use std::collections::BTreeSet;

use crate::{accounts::Email, config::Source};

/// The administrators.
#[derive(Clone, Debug, Default)]
pub struct AdminConfig {
    /// `LATCHKEY_ADMINS`: email addresses, separated by commas; empty by default. An address counts only once
    /// its user has verified it.
    addresses: BTreeSet<String>,
}

impl AdminConfig {
    pub(super) fn from_source(source: &Source) -> Self {
        let rule = "be email addresses separated by commas";
        let key = |text: &str| Some(Email::parse(text).ok()?.key().to_owned());
        let addresses = source.list("LATCHKEY_ADMINS", rule, key);
        Self {
            addresses: addresses.into_iter().collect(),
        }
    }

    /// Whether this address is an administrator's.
    pub fn includes(&self, email: &str) -> bool {
        Email::parse(email).is_ok_and(|email| self.addresses.contains(email.key()))
    }
}
