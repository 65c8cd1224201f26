//! All SQL about rate limits. Each change is one atomic statement.

use std::time::Duration;

use crate::{
    clock::{Timestamp, millis},
    database::{Connection, StorageError, Sweep, query},
    limits::Policy,
};

/// How long failures in a row are remembered after the last one: ten or more, and fewer.
const FAILURES_TTL: Duration = Duration::from_secs(30 * 24 * 60 * 60);
const FEW_FAILURES_TTL: Duration = Duration::from_secs(24 * 60 * 60);

/// Takes a permit if there is one; returns how many failures in a row there are if this one is one of them, or `None`
/// if there was no permit.
pub(super) async fn take(
    tx: &mut Connection,
    key: &str,
    policy: Policy,
    now: Timestamp,
) -> Result<Option<i64>, StorageError> {
    let step = millis(policy.refill);
    query(
        "INSERT INTO limits (key, free_at, failures) VALUES ($1, $2 + $3, $6)
         ON CONFLICT (key) DO UPDATE SET
             free_at = CASE WHEN limits.free_at > $2 AND limits.free_at <= $7 THEN limits.free_at ELSE $2 END + $3,
             failures = limits.failures + $6
         WHERE (limits.free_at <= $4 OR limits.free_at > $7) AND limits.failures < $5
         RETURNING failures",
    )
    .bind(key)
    .bind(now)
    .bind(step)
    .bind(now.0 + step * i64::from(policy.burst - 1))
    .bind(policy.max_failures_in_a_row)
    .bind(i64::from(policy.max_failures_in_a_row < i64::MAX))
    .bind(policy.furthest(now))
    .fetch_optional(tx)
    .await
}

/// When a rate limited key accepts the next attempt: at once, if its counts were deleted meanwhile.
pub(super) async fn free_at(
    tx: &mut Connection,
    key: &str,
    policy: Policy,
    now: Timestamp,
) -> Result<Timestamp, StorageError> {
    let counts: Option<(Timestamp, i64)> =
        query("SELECT free_at, failures FROM limits WHERE key = $1")
            .bind(key)
            .fetch_optional(tx)
            .await?;
    let Some((free_at, failures)) = counts else {
        return Ok(now);
    };
    if failures >= policy.max_failures_in_a_row {
        // Only a password reset unlocks the account, so there is no time to name; an hour is arbitrary.
        return Ok(now + Duration::from_secs(60 * 60));
    }
    Ok(free_at - policy.refill * (policy.burst - 1))
}

/// Returns one permit.
pub(super) async fn return_permit(
    tx: &mut Connection,
    key: &str,
    policy: Policy,
) -> Result<(), StorageError> {
    query(
        "UPDATE limits SET free_at = free_at - $1, failures = CASE WHEN failures > 0 THEN failures - 1 ELSE 0 END
         WHERE key = $2",
    )
    .bind(millis(policy.refill))
    .bind(key)
    .execute(tx)
    .await?;
    Ok(())
}

/// Deletes the counts of a key.
pub(super) async fn clear(tx: &mut Connection, key: &str) -> Result<(), StorageError> {
    query("DELETE FROM limits WHERE key = $1")
        .bind(key)
        .execute(tx)
        .await?;
    Ok(())
}

/// Delete keys that are back to their full burst and whose failures are forgotten.
pub const SWEEPS: [Sweep; 3] = [
    Sweep::new(
        "DELETE FROM limits WHERE key IN
             (SELECT key FROM limits WHERE failures = 0 AND free_at <= $1 ORDER BY free_at LIMIT $2
              FOR UPDATE SKIP LOCKED)",
    ),
    Sweep::later(
        "DELETE FROM limits WHERE key IN
             (SELECT key FROM limits WHERE failures > 0 AND failures < 10 AND free_at <= $1 ORDER BY free_at LIMIT $2
              FOR UPDATE SKIP LOCKED)",
        FEW_FAILURES_TTL,
    ),
    Sweep::later(
        "DELETE FROM limits WHERE key IN
             (SELECT key FROM limits WHERE free_at <= $1 ORDER BY free_at LIMIT $2 FOR UPDATE SKIP LOCKED)",
        FAILURES_TTL,
    ),
];
