//! Who may look at other people's accounts.

use std::collections::BTreeSet;

use super::Source;
use crate::accounts::Email;

/// The administrators.
#[derive(Clone, Debug, Default)]
pub struct AdminConfig {
    /// `LATCHKEY_ADMINS`: addresses, separated by commas; nobody unless set. An account's address counts once it is
    /// confirmed.
    admins: BTreeSet<String>,
}

impl AdminConfig {
    pub(super) fn from_source(source: &Source) -> Self {
        const NAME: &str = "LATCHKEY_ADMINS";
        let list = source.text(NAME).unwrap_or_default();
        let addresses = list
            .split(',')
            .map(str::trim)
            .filter(|entry| !entry.is_empty());
        let admins: Result<BTreeSet<String>, _> = addresses
            .map(|address| Email::parse(address).map(|email| email.key().to_owned()))
            .collect();
        let admins = admins.unwrap_or_else(|_| {
            source.problem(NAME, "must be email addresses separated by commas");
            BTreeSet::new()
        });
        Self { admins }
    }

    /// Whether somebody with this address, which is proved, is one of them.
    pub fn includes(&self, email: &str) -> bool {
        Email::parse(email).is_ok_and(|email| self.admins.contains(email.key()))
    }
}
