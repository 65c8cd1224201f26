//! Deletes expired sessions, registrations, reset links, provider flows, hand-off codes, rate limits
//! and old entries of the audit log.
//!
//! Each batch is a transaction of its own, since SQLite has one writer at a time. Its size follows the time that
//! batches take, and others write in the pause after it.

use std::{
    sync::atomic::{AtomicU32, Ordering},
    time::{Duration, Instant},
};

use tokio::time::sleep;

use crate::{
    accounts, audit,
    clock::Clock,
    database::{Database, StorageError, Sweep},
    handoff, limits, oauth, session,
    workers::Worker,
};

const INTERVAL: Duration = Duration::from_secs(60);

/// How long a batch should take at most. The next one is half as large if it takes longer.
const GOAL: Duration = Duration::from_millis(4);

/// The number of rows in a batch: of the first one, and at most.
const FIRST: u32 = 16;
const MAX: u32 = 512;

/// The pause after a batch, as a multiple of the time that it took.
const PAUSE: u32 = 2;

/// Deletes expired rows once a minute.
pub struct Sweeper {
    database: Database,
    clock: Clock,
    sweeps: Vec<Batches>,
}

/// A sweep, and the size of its next batch.
struct Batches {
    sweep: Sweep,
    size: AtomicU32,
}

/// What sweeps have done.
#[derive(Clone, Copy, Debug, Default)]
pub struct Swept {
    pub rows: u64,
    /// The number of transactions that deleted something.
    pub batches: u32,
    /// The longest time that a batch took, from the lock on the database to its release.
    pub longest: Duration,
    /// Whether there may be more to delete.
    unfinished: bool,
}

impl Sweeper {
    pub fn new(
        database: Database,
        clock: Clock,
        session_idle: Duration,
        audit_keep: Duration,
    ) -> Self {
        let others = [
            accounts::SWEEP_REGISTRATIONS,
            accounts::SWEEP_RESETS,
            oauth::SWEEP,
            handoff::SWEEP,
        ];
        let sweeps = session::sweeps(session_idle)
            .into_iter()
            .chain(others)
            .chain(limits::SWEEPS)
            .chain(audit::sweeps(audit_keep));
        Self {
            database,
            clock,
            sweeps: sweeps.map(Batches::of).collect(),
        }
    }

    /// Deletes all expired rows.
    ///
    /// # Errors
    /// If a write fails. Batches that were deleted before stay deleted.
    pub async fn sweep(&self) -> Result<Swept, StorageError> {
        let mut total = Swept::default();
        loop {
            let round = self.round().await?;
            total = total.and(round);
            if !round.unfinished {
                return Ok(total);
            }
        }
    }

    /// Deletes a batch of each kind.
    async fn round(&self) -> Result<Swept, StorageError> {
        let mut round = Swept::default();
        for batches in &self.sweeps {
            let swept = self.delete(batches).await?;
            round = round.and(swept);
            sleep(swept.longest * PAUSE).await;
        }
        Ok(round)
    }

    async fn delete(&self, batches: &Batches) -> Result<Swept, StorageError> {
        let size = batches.size.load(Ordering::Relaxed);
        let mut tx = self.database.write().await?;
        let began = Instant::now();
        let now = self.clock.now();
        let rows = batches.sweep.delete(&mut tx, now, size).await?;
        tx.commit().await?;
        let took = began.elapsed();
        let unfinished = rows >= u64::from(size);
        if unfinished || took > GOAL {
            batches.size.store(next_size(size, took), Ordering::Relaxed);
        }
        Ok(Swept {
            rows,
            batches: u32::from(rows > 0),
            longest: took,
            unfinished,
        })
    }
}

impl Batches {
    fn of(sweep: Sweep) -> Self {
        Self {
            sweep,
            size: AtomicU32::new(FIRST),
        }
    }
}

impl Swept {
    fn and(self, other: Self) -> Self {
        Self {
            rows: self.rows + other.rows,
            batches: self.batches + other.batches,
            longest: self.longest.max(other.longest),
            unfinished: self.unfinished || other.unfinished,
        }
    }
}

/// The size of the batch after one of `size` rows that took so long.
fn next_size(size: u32, took: Duration) -> u32 {
    if took > GOAL {
        (size / 2).max(1)
    } else if took > GOAL / 2 {
        size
    } else {
        (size * 2).min(MAX)
    }
}

impl Worker for Sweeper {
    const NAME: &'static str = "sweeper";
    const MAX_WORK: Duration = Duration::from_secs(60);

    async fn work(&self) -> anyhow::Result<bool> {
        Ok(self.round().await?.unfinished)
    }

    async fn idle(&self) {
        sleep(INTERVAL).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_batch_that_takes_long_is_followed_by_a_smaller_one() {
        for (size, millis, next) in [
            (FIRST, 0, 32),
            (MAX, 1, MAX),
            (300, 1, MAX),
            (100, 3, 100),
            (100, 4, 100),
            (100, 5, 50),
            (3, 1000, 1),
            (1, 1000, 1),
            (1, 0, 2),
        ] {
            let took = Duration::from_millis(millis);
            assert_eq!(next_size(size, took), next, "{size} in {millis} ms");
        }
    }
}
