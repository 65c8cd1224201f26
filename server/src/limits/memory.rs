//! A limiter for signed-in users: as strict, without a write for each request. A restart refills it.

use std::time::Duration;

use moka::{ops::compute::Op, sync::Cache};

use super::Exhausted;
use crate::{
    clock::{Clock, Timestamp, millis},
    config::Policy,
};

/// Counts per key in memory, for a bounded number of keys.
#[derive(Clone, Debug)]
pub struct MemoryLimiter {
    policy: Policy,
    clock: Clock,
    free_at: Cache<String, Timestamp>,
}

impl MemoryLimiter {
    pub fn new(policy: Policy, clock: Clock) -> Self {
        let full_again = policy.refill * policy.burst + Duration::from_secs(1);
        Self {
            policy,
            clock,
            free_at: Cache::builder()
                .max_capacity(100_000)
                .time_to_idle(full_again)
                .build(),
        }
    }

    /// Counts one request.
    ///
    /// # Errors
    /// [`Exhausted`] if there is none left.
    pub fn count(&self, key: &str) -> Result<(), Exhausted> {
        let now = self.clock.now();
        let latest = now + self.policy.refill * (self.policy.burst - 1);
        let mut refused = None;
        self.free_at.entry_by_ref(key).and_compute_with(|entry| {
            let free_at = entry.map_or(now, |entry| entry.into_value().max(now));
            if free_at > latest {
                refused = Some(Exhausted(Duration::from_millis(
                    (free_at.0 - latest.0).unsigned_abs(),
                )));
                return Op::Nop;
            }
            Op::Put(Timestamp(free_at.0 + millis(self.policy.refill)))
        });
        refused.map_or(Ok(()), Err)
    }
}
