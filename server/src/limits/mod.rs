//! Rate limits. Those of anonymous requests are in the database, so that they survive a restart; those of
//! signed-in users are in memory.
//!
//! Both use the generic cell rate algorithm (GCRA): one number for each key, and no time windows.

mod config;
mod memory;
mod store;

use std::{net::IpAddr, time::Duration};

use moka::sync::Cache;

use crate::{
    audit,
    clock::{Clock, Timestamp},
    database::{Connection, Database, StorageError},
    random,
};

pub use config::{LimitsConfig, Policy};
pub use memory::MemoryLimiter;
pub use store::SWEEPS;

/// How many rate limited keys are cached, so that a flood of requests causes no database work.
const MAX_CACHED: u64 = 50_000;

/// How long a rejection is remembered: another server on the same database may have reset the key.
const REJECTION_TTL: Duration = Duration::from_secs(1);

/// There were too many attempts. Contains the time until the next one is allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("too many attempts, try again in {} s", .0.as_secs())]
pub struct RateLimited(pub Duration);

impl RateLimited {
    /// Whole seconds for `Retry-After`, at least one. Rounded up, so that clients do not come back too early.
    pub fn retry_after_seconds(self) -> u64 {
        let seconds = self.0.as_secs() + u64::from(self.0.subsec_nanos() > 0);
        seconds.max(1)
    }
}

/// Why an attempt was rejected.
#[derive(Debug, thiserror::Error)]
pub enum LimitError {
    #[error(transparent)]
    RateLimited(#[from] RateLimited),
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// The kind of attempt and who makes it. Only a hash is stored.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key {
    hash: String,
    /// The address of the account whose password is tried.
    account: Option<String>,
}

impl Key {
    /// Password attempts for an account, whether or not it exists.
    pub fn account(email_key: &str) -> Self {
        Self {
            account: Some(email_key.to_owned()),
            ..Self::new("account", email_key)
        }
    }

    /// Password attempts by a client.
    pub fn client(address: IpAddr) -> Self {
        Self::new("client", &network(address))
    }

    /// Registrations and reset requests of a client.
    pub fn forms(address: IpAddr) -> Self {
        Self::new("forms", &network(address))
    }

    /// Sign-ins that a client begins at identity providers.
    pub fn oauth(address: IpAddr) -> Self {
        Self::new("oauth", &network(address))
    }

    /// Hand-off codes that a client redeems.
    pub fn codes(address: IpAddr) -> Self {
        Self::new("codes", &network(address))
    }

    /// Mails to an address about a new account.
    pub fn welcome_mail(email_key: &str) -> Self {
        Self::new("mail", email_key)
    }

    /// Mails to an address with a password reset link. Counted separately, so that its owner can still reset
    /// the password while someone else keeps registering the address.
    pub fn reset_mail(email_key: &str) -> Self {
        Self::new("reset-mail", email_key)
    }

    fn new(kind: &str, whom: &str) -> Self {
        Self {
            hash: random::fingerprint(&format!("{kind}:{whom}")),
            account: None,
        }
    }
}

/// The rate limiter in the database.
#[derive(Clone, Debug)]
pub struct Limiter {
    database: Database,
    clock: Clock,
    /// Since when and until when a key has no permit.
    rate_limited: Cache<String, (Timestamp, Timestamp)>,
}

impl Limiter {
    pub fn new(database: Database, clock: Clock) -> Self {
        Self {
            database,
            clock,
            rate_limited: Cache::new(MAX_CACHED),
        }
    }

    /// Counts one attempt for all keys, or for none if one of them has no permit left. Call this
    /// before any other work.
    ///
    /// # Errors
    /// [`RateLimited`] with the wait of a key that has no permit left; [`StorageError`] if the write fails.
    pub async fn count(&self, keys: &[(&Key, Policy)]) -> Result<(), LimitError> {
        let now = self.clock.now();
        let remembered = keys
            .iter()
            .filter_map(|(key, _)| self.rate_limited.get(&key.hash))
            .filter(|(since, until)| now.is_within(REJECTION_TTL, *since) && now < *until);
        if let Some((_, until)) = remembered.max_by_key(|(_, until)| *until) {
            return Err(RateLimited(until.since(now)).into());
        }
        let mut tx = self.database.write().await?;
        for (key, policy) in in_order(keys) {
            let Some(failures) = store::take(&mut tx, &key.hash, policy, now).await? else {
                let until = store::free_at(&mut tx, &key.hash, policy, now).await?;
                self.rate_limited.insert(key.hash.clone(), (now, until));
                return Err(RateLimited(until.since(now)).into());
            };
            if let Some(account) = &key.account
                && failures >= policy.max_failures_in_a_row
            {
                audit::record_lock(&mut tx, account, now).await?;
            }
        }
        tx.commit().await?;
        Ok(())
    }

    /// Returns one permit for each key, within the caller's transaction.
    ///
    /// # Errors
    /// If the write fails.
    pub async fn return_permits(
        &self,
        tx: &mut Connection,
        keys: &[(&Key, Policy)],
    ) -> Result<(), StorageError> {
        for (key, policy) in in_order(keys) {
            store::return_permit(tx, &key.hash, policy).await?;
            self.rate_limited.invalidate(&key.hash);
        }
        Ok(())
    }

    /// Resets a key, within the caller's transaction.
    ///
    /// # Errors
    /// If the write fails.
    pub async fn clear(&self, tx: &mut Connection, key: &Key) -> Result<(), StorageError> {
        store::clear(tx, &key.hash).await?;
        self.rate_limited.invalidate(&key.hash);
        Ok(())
    }
}

/// In one order, since two transactions that lock the same rows in different orders wait for each other.
fn in_order<'k>(keys: &[(&'k Key, Policy)]) -> Vec<(&'k Key, Policy)> {
    let mut keys = keys.to_vec();
    keys.sort_by_key(|(key, _)| *key);
    keys
}

/// A client, as limits count it: an IPv4 address or an IPv6 /64, since a subscriber usually controls the whole
/// /64.
pub fn network(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
    }
}

#[cfg(test)]
mod tests;
