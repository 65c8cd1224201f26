//! Which user has which ID at a vendor, stored when a credential is created. It is the only record of users
//! of an upstream login who have no account here.

use std::time::Duration;

use moka::sync::Cache;

use super::link_store as store;
use crate::{
    clock::Timestamp,
    database::{Database, StorageError},
};

pub use store::{StoredLink, link_of, links_of_user};

/// The minimum time between two writes of a link. A write takes longer than creating a credential.
const WRITE_INTERVAL: Duration = Duration::from_secs(24 * 60 * 60);

/// How many recently written links are remembered.
const MAX_CACHED: u64 = 50_000;

/// An ID that a vendor was told, and its owner.
#[derive(Clone, Copy, Debug)]
pub struct Link<'a> {
    pub external_id: &'a str,
    /// The upstream login that issued the ID; `None` if it is the ID of an account here.
    pub issuer: Option<&'a str>,
    /// The ID of the account here, if it is known.
    pub user_id: Option<&'a str>,
}

/// The links of one vendor.
#[derive(Debug)]
pub struct Links {
    vendor: &'static str,
    written_at: Cache<String, Timestamp>,
}

impl Links {
    /// The links of the vendor with this name in the registry.
    pub fn of(vendor: &'static str) -> Self {
        Self {
            vendor,
            written_at: Cache::new(MAX_CACHED),
        }
    }

    /// Stores a link, unless it is known to have been stored within the last day.
    ///
    /// # Errors
    /// If the write fails.
    pub async fn record(
        &self,
        database: &Database,
        link: &Link<'_>,
        now: Timestamp,
    ) -> Result<(), StorageError> {
        let [issuer, user_id] = [link.issuer, link.user_id].map(Option::unwrap_or_default);
        // Unambiguous, since none of the parts contains a line break.
        let key = [link.external_id, issuer, user_id].join("\n");
        let written_at = self.written_at.get(&key);
        if written_at.is_some_and(|at| now.is_within(WRITE_INTERVAL, at)) {
            return Ok(());
        }
        let mut tx = database.write().await?;
        store::save(&mut tx, self.vendor, link, now).await?;
        tx.commit().await?;
        self.written_at.insert(key, now);
        Ok(())
    }
}
