//! The statements that delete expired rows.

use std::time::Duration;

use super::{engine::Connection, error::StorageError, query::query};
use crate::clock::Timestamp;

/// A statement that deletes rows whose time is `$1` or earlier, and no more than `$2` of them.
#[derive(Clone, Copy, Debug)]
pub struct Sweep {
    sql: &'static str,
    /// How long a row stays after its time.
    stay: Duration,
}

impl Sweep {
    /// Deletes rows from their time on.
    pub const fn new(sql: &'static str) -> Self {
        Self::later(sql, Duration::ZERO)
    }

    /// Deletes rows that have stayed for a while after their time.
    pub const fn later(sql: &'static str, stay: Duration) -> Self {
        Self { sql, stay }
    }

    /// Deletes a batch of at most `size` rows; returns how many.
    ///
    /// # Errors
    /// If the write fails.
    pub async fn delete(
        &self,
        tx: &mut Connection,
        now: Timestamp,
        size: u32,
    ) -> Result<u64, StorageError> {
        query(self.sql)
            .bind(now - self.stay)
            .bind(i64::from(size))
            .execute(tx)
            .await
    }
}
