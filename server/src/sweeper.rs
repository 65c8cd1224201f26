//! Deletes expired sessions, registrations, reset links, provider flows, hand-off codes and rate limits, in
//! batches small enough not to block requests.

use std::time::Duration;

use tokio::time::sleep;

use crate::{
    accounts,
    clock::Clock,
    database::{Database, StorageError},
    handoff, limits, oauth, session,
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

    /// Sweeps until the task is dropped.
    pub async fn run(self) {
        loop {
            if let Err(error) = self.sweep().await {
                tracing::warn!(%error, "cannot delete expired rows");
            }
            sleep(INTERVAL).await;
        }
    }

    /// Deletes all expired rows, batch by batch.
    ///
    /// # Errors
    /// If a write fails. Batches that were deleted before stay deleted.
    pub async fn sweep(&self) -> Result<(), StorageError> {
        loop {
            let now = self.clock.now();
            let mut tx = self.database.write().await?;
            let mut deleted = session::sweep(&mut tx, now, self.session_idle, BATCH).await?;
            deleted += accounts::sweep_registrations(&mut tx, now, BATCH).await?;
            deleted += accounts::sweep_resets(&mut tx, now, BATCH).await?;
            deleted += oauth::sweep(&mut tx, now, BATCH).await?;
            deleted += handoff::sweep(&mut tx, now, BATCH).await?;
            deleted += limits::sweep(&mut tx, now, BATCH).await?;
            tx.commit().await?;
            if deleted == 0 {
                return Ok(());
            }
        }
    }
}
