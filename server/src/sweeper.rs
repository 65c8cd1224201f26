//! Deletes expired sessions, registrations, reset links, hand-off codes and rate limits, in batches small enough not to
//! block requests.

use std::time::Duration;

use tokio::time::sleep;

use crate::{
    accounts,
    clock::Clock,
    database::{Database, StorageError},
    handoff, limits, oauth, session,
};

const EVERY: Duration = Duration::from_secs(60);
const BATCH: i64 = 500;

/// Sweeps once a minute.
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

    /// Works until the task is dropped.
    pub async fn run(self) {
        loop {
            if let Err(error) = self.sweep().await {
                tracing::warn!(%error, "cannot delete what has expired");
            }
            sleep(EVERY).await;
        }
    }

    /// Deletes everything that has expired by now.
    ///
    /// # Errors
    /// If the database does not take it; what was deleted before stays deleted.
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
