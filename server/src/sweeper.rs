//! Deletes expired sessions, registrations, reset links, provider flows, hand-off codes and rate limits, in
//! batches small enough not to block requests.

use std::time::Duration;

use tokio::time::sleep;

use crate::{
    accounts,
    clock::Clock,
    database::{Database, StorageError},
    handoff, limits, oauth, session,
    workers::Worker,
};

const INTERVAL: Duration = Duration::from_secs(60);
const BATCH: i64 = 500;

/// Deletes expired rows once a minute.
pub struct Sweeper {
    database: Database,
    clock: Clock,
    session_idle: Duration,
}

impl Sweeper {
    pub fn new(database: Database, clock: Clock, session_idle: Duration) -> Self {
        Self {
            database,
            clock,
            session_idle,
        }
    }

    /// Deletes all expired rows, batch by batch.
    ///
    /// # Errors
    /// If a write fails. Batches that were deleted before stay deleted.
    pub async fn sweep(&self) -> Result<(), StorageError> {
        while self.sweep_batch().await? {}
        Ok(())
    }

    /// Deletes a batch; returns whether there may be more.
    async fn sweep_batch(&self) -> Result<bool, StorageError> {
        let now = self.clock.now();
        let mut tx = self.database.write().await?;
        let mut deleted = session::sweep(&mut tx, now, self.session_idle, BATCH).await?;
        deleted += accounts::sweep_registrations(&mut tx, now, BATCH).await?;
        deleted += accounts::sweep_resets(&mut tx, now, BATCH).await?;
        deleted += oauth::sweep(&mut tx, now, BATCH).await?;
        deleted += handoff::sweep(&mut tx, now, BATCH).await?;
        deleted += limits::sweep(&mut tx, now, BATCH).await?;
        tx.commit().await?;
        Ok(deleted > 0)
    }
}

impl Worker for Sweeper {
    const NAME: &'static str = "sweeper";
    const MAX_WORK: Duration = Duration::from_secs(60);

    async fn work(&self) -> anyhow::Result<bool> {
        Ok(self.sweep_batch().await?)
    }

    async fn idle(&self) {
        sleep(INTERVAL).await;
    }
}
