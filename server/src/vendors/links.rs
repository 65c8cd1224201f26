//! Which user has which id at a vendor, stored when a credential is made: the only record of users of an upstream
//! login who have no account here.

use std::time::Duration;

use moka::sync::Cache;

use super::link_store as store;
use crate::{
    clock::Timestamp,
    database::{Database, StorageError},
};

pub use store::{StoredLink, link_of, links_of_user};

/// How often one link is written: a write for each credential would be slower than the credential.
const EVERY: Duration = Duration::from_secs(24 * 60 * 60);

/// Links that are known to be written.
const MAX_CACHED: u64 = 50_000;

/// An id that the vendor was told, and whose it is.
#[derive(Clone, Copy, Debug)]
pub struct Link<'a> {
    pub external_id: &'a str,
    /// The upstream login that issued the id; `None` for the id of an account here.
    pub issuer: Option<&'a str>,
    /// The account here, if it is known.
    pub user_id: Option<&'a str>,
}

/// The links of one vendor.
#[derive(Debug)]
pub struct Links {
    vendor: &'static str,
    written_at: Cache<String, Timestamp>,
}

impl Links {
    /// Those of the vendor with our name for it.
    pub fn of(vendor: &'static str) -> Self {
        Self {
            vendor,
            written_at: Cache::new(MAX_CACHED),
        }
    }

    /// Writes a link if it is new, or if the last time is a day ago.
    ///
    /// # Errors
    /// If the write fails.
    pub async fn note(
        &self,
        database: &Database,
        link: &Link<'_>,
        now: Timestamp,
    ) -> Result<(), StorageError> {
        let [issuer, user_id] = [link.issuer, link.user_id].map(Option::unwrap_or_default);
        // None of them has a line break.
        let key = [link.external_id, issuer, user_id].join("\n");
        let written_at = self.written_at.get(&key);
        if written_at.is_some_and(|at| now.since(at) < EVERY) {
            return Ok(());
        }
        let mut tx = database.write().await?;
        store::save(&mut tx, self.vendor, link, now).await?;
        tx.commit().await?;
        self.written_at.insert(key, now);
        Ok(())
    }
}
