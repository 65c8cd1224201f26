//! Counts credentials. A request only notes one; a worker writes the counts twice a second, many at once.

use std::{
    collections::BTreeMap,
    mem,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use http::HeaderValue;
use tokio::time::sleep;

use super::store::{self, UseEntry};
use crate::{
    clock::{Clock, Timestamp},
    database::{Database, StorageError},
    metrics::METRICS,
    workers::Worker,
};

/// How often counts are written: what a crash can lose is younger than a second.
const INTERVAL: Duration = Duration::from_millis(500);

/// How many counts one transaction writes, so that others write in between.
const MAX_BATCH: usize = 256;

/// Notes credentials that are issued. Cheap to clone.
#[derive(Clone, Debug)]
pub struct CredentialUses {
    clock: Clock,
    inner: Arc<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    noted: Mutex<Vec<Noted>>,
    /// What was counted and not yet written. Locked while it is being written.
    unwritten: tokio::sync::Mutex<Vec<UseEntry>>,
}

#[derive(Debug)]
struct Noted {
    user_id: String,
    vendor: &'static str,
    site: Site,
    at: Timestamp,
}

/// Which page gets a credential.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Site {
    /// A page of this origin, or of the login if the browser names none.
    Origin(Option<HeaderValue>),
    /// A page with this chat box.
    ChatBox(String),
}

impl Site {
    fn text(&self) -> &str {
        match self {
            Self::Origin(origin) => origin
                .as_ref()
                .and_then(|origin| origin.to_str().ok())
                .unwrap_or("login"),
            Self::ChatBox(id) => id,
        }
    }
}

impl CredentialUses {
    pub fn new(clock: Clock) -> Self {
        Self {
            clock,
            inner: Arc::default(),
        }
    }

    /// Notes that a credential was issued. Waits for nothing, and copies nothing.
    pub fn note(&self, vendor: &'static str, user_id: String, site: Site) {
        METRICS.credential(vendor);
        let at = self.clock.now();
        self.noted().push(Noted {
            user_id,
            vendor,
            site,
            at,
        });
    }

    /// Writes everything that was noted.
    ///
    /// # Errors
    /// If a write fails. What was not written is written by the next call.
    pub async fn flush(&self, database: &Database) -> Result<(), StorageError> {
        let mut unwritten = self.inner.unwritten.lock().await;
        unwritten.extend(count(mem::take(&mut *self.noted())));
        while !unwritten.is_empty() {
            let batch = unwritten.len().min(MAX_BATCH);
            write(database, &unwritten[..batch]).await?;
            unwritten.drain(..batch);
        }
        Ok(())
    }

    fn noted(&self) -> MutexGuard<'_, Vec<Noted>> {
        let noted = self.inner.noted.lock();
        noted.unwrap_or_else(PoisonError::into_inner)
    }
}

/// The counts, in one order: two transactions that lock the same rows in different orders wait for each other.
fn count(noted: Vec<Noted>) -> Vec<UseEntry> {
    let mut counts: BTreeMap<_, UseEntry> = BTreeMap::new();
    for Noted {
        user_id,
        vendor,
        site,
        at,
    } in noted
    {
        let day = at.date().unwrap_or_default();
        let site = site.text().to_owned();
        let entry = counts
            .entry((user_id.clone(), vendor, site.clone(), day.clone()))
            .or_insert_with(|| UseEntry {
                user_id,
                vendor: vendor.to_owned(),
                site,
                day,
                uses: 0,
                last_at: at,
            });
        entry.uses += 1;
        entry.last_at = entry.last_at.max(at);
    }
    counts.into_values().collect()
}

async fn write(database: &Database, counts: &[UseEntry]) -> Result<(), StorageError> {
    let mut tx = database.write().await?;
    for entry in counts {
        store::add_uses(&mut tx, entry).await?;
    }
    tx.commit().await
}

/// Writes what was noted, twice a second.
#[derive(Debug)]
pub struct UsesWorker {
    pub uses: CredentialUses,
    pub database: Database,
}

impl Worker for UsesWorker {
    const NAME: &'static str = "credential uses";
    const MAX_WORK: Duration = Duration::from_secs(30);

    async fn work(&self) -> anyhow::Result<bool> {
        self.uses.flush(&self.database).await?;
        Ok(false)
    }

    async fn idle(&self) {
        sleep(INTERVAL).await;
    }
}
