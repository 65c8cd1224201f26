//! The users of the environment. The first sign-in creates a user; there is no other registration.

use std::collections::BTreeMap;

use serde::Serialize;
use sha2::{Digest, Sha256};

/// A user as the platform knows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct User {
    /// The platform's own id.
    pub sub: String,
    /// The host's id, `uid` in its tickets.
    pub custom_user_id: String,
    /// When the first sign-in was, in milliseconds since the Unix epoch.
    pub created_at: u64,
}

/// All users, by the host's id.
#[derive(Default)]
pub(super) struct Users(BTreeMap<String, User>);

impl Users {
    /// The user with the host's id, created if there is none.
    pub(super) fn sign_in(&mut self, env_id: &str, custom_user_id: &str, now: u64) -> User {
        let made = || User {
            sub: platform_id(env_id, custom_user_id),
            custom_user_id: custom_user_id.to_owned(),
            created_at: now,
        };
        let user = self.0.entry(custom_user_id.to_owned());
        user.or_insert_with(made).clone()
    }

    pub(super) fn all(&self) -> Vec<User> {
        self.0.values().cloned().collect()
    }
}

/// Nineteen digits, the same in every run of the sandbox.
fn platform_id(env_id: &str, custom_user_id: &str) -> String {
    let hash = Sha256::digest(format!("{env_id}\n{custom_user_id}"));
    let number = hash
        .iter()
        .take(8)
        .fold(0, |number: u64, byte| number << 8 | u64::from(*byte));
    format!("{:019}", number % 10_u64.pow(19))
}
