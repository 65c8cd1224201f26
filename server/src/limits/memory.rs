//! The rate limiter for signed-in users: in memory, so that a request causes no write. A restart resets it.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use moka::sync::Cache;

use super::RateLimited;
use crate::{
    clock::{Clock, millis},
    limits::Policy,
};

/// A rate limiter in memory, for a bounded number of keys.
#[derive(Clone, Debug)]
pub struct MemoryLimiter {
    policy: Policy,
    clock: Clock,
    /// When each key is back to its full burst, in Unix milliseconds.
    full_at: Cache<String, Arc<AtomicI64>>,
}

impl MemoryLimiter {
    pub fn new(policy: Policy, clock: Clock) -> Self {
        let full_again = policy.refill * policy.burst + Duration::from_secs(1);
        Self {
            policy,
            clock,
            full_at: Cache::builder()
                .max_capacity(100_000)
                .time_to_idle(full_again)
                .build(),
        }
    }

    /// Counts one request.
    ///
    /// # Errors
    /// [`RateLimited`] if the key has no permit left.
    pub fn count(&self, key: &str) -> Result<(), RateLimited> {
        let now = self.clock.now();
        let latest = now + self.policy.refill * (self.policy.burst - 1);
        let furthest = self.policy.furthest(now);
        let full_at = self
            .full_at
            .get_with_by_ref(key, || Arc::new(AtomicI64::new(now.0)));
        let counted = full_at.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |full_at| {
            let from = if full_at > furthest.0 {
                now.0
            } else {
                full_at.max(now.0)
            };
            (from <= latest.0).then(|| from + millis(self.policy.refill))
        });
        match counted {
            Ok(_) => Ok(()),
            Err(full_at) => {
                let wait = (full_at - latest.0).unsigned_abs();
                Err(RateLimited(Duration::from_millis(wait)))
            }
        }
    }
}
