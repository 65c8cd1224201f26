//! The sandbox's only source of time: the system clock, or one that a test freezes and advances.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// A clock whose copies all show the same time.
#[derive(Clone, Default)]
pub struct Clock {
    frozen_at: Option<SystemTime>,
    advanced_ms: Arc<AtomicU64>,
}

impl Clock {
    /// A clock that stands still at `seconds` since the Unix epoch until it is advanced.
    pub fn frozen_at(seconds: u64) -> Self {
        Self {
            frozen_at: Some(UNIX_EPOCH + Duration::from_secs(seconds)),
            advanced_ms: Arc::default(),
        }
    }

    /// Moves this clock and all its copies forward.
    pub fn advance(&self, by: Duration) {
        let milliseconds = u64::try_from(by.as_millis()).unwrap_or(u64::MAX);
        self.advanced_ms.fetch_add(milliseconds, Ordering::Relaxed);
    }

    /// Milliseconds since the Unix epoch.
    #[expect(
        clippy::disallowed_methods,
        reason = "the only place that reads the system clock"
    )]
    pub fn now_ms(&self) -> u64 {
        let base = self.frozen_at.unwrap_or_else(SystemTime::now);
        let since_epoch = base.duration_since(UNIX_EPOCH).unwrap_or_default();
        let milliseconds = u64::try_from(since_epoch.as_millis()).unwrap_or(u64::MAX);
        milliseconds.saturating_add(self.advanced_ms.load(Ordering::Relaxed))
    }

    /// Whole seconds since the Unix epoch.
    pub fn now(&self) -> u64 {
        self.now_ms() / 1000
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Clock({})", rfc3339(self.now()))
    }
}

/// Formats seconds since the Unix epoch as `2026-01-31T12:00:00Z`, or as a plain number if they are
/// beyond the calendar's range.
pub(crate) fn rfc3339(seconds: u64) -> String {
    i64::try_from(seconds)
        .ok()
        .and_then(|seconds| OffsetDateTime::from_unix_timestamp(seconds).ok())
        .and_then(|time| time.format(&Rfc3339).ok())
        .unwrap_or_else(|| seconds.to_string())
}
