//! Administrators: users whose verified address is listed in `LATCHKEY_ADMINS`.

use super::{Accounts, User};

impl Accounts {
    /// Whether a user may look up other users' accounts.
    pub fn is_admin(&self, user: &User) -> bool {
        user.email_verified && self.config.admins.includes(&user.email)
    }
}
