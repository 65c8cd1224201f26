//! The settings of accounts: passwords, administrators, and whether visitors may register.

mod admin;
mod password;

pub use admin::AdminConfig;
pub use password::PasswordConfig;

use crate::config::Source;

/// The settings of accounts.
#[derive(Clone, Debug)]
pub struct AccountsConfig {
    pub passwords: PasswordConfig,
    pub admins: AdminConfig,
    /// `LATCHKEY_REGISTRATION`: `open` (default) or `closed`.
    pub registration_open: bool,
}

impl AccountsConfig {
    pub(crate) fn from_source(source: &Source) -> Self {
        Self {
            passwords: PasswordConfig::from_source(source),
            admins: AdminConfig::from_source(source),
            registration_open: !source.switch("LATCHKEY_REGISTRATION", ["open", "closed"]),
        }
    }
}
