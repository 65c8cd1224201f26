//! The clock, passed as an argument so that tests can set it. Nothing else in the server may read the
//! system's time.

use std::{
    ops::{Add, Sub},
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use serde::{Deserialize, Serialize};
use time::{Date, OffsetDateTime, format_description::well_known::Iso8601};

/// A point in time, in milliseconds since the Unix epoch, as stored in the database.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(transparent)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// Time from `earlier` to this timestamp; zero if `earlier` is later.
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_millis(u64::try_from(self.0 - earlier.0).unwrap_or(0))
    }

    /// Whether this is less than `duration` after `earlier`. Not if it is before, as after the clock was set
    /// back: a moment in the future tells nothing.
    pub fn is_within(self, duration: Duration, earlier: Self) -> bool {
        earlier <= self && self < earlier + duration
    }

    /// Whole seconds since the Unix epoch, as most tokens count.
    pub fn seconds(self) -> i64 {
        self.0.div_euclid(1000)
    }

    /// The beginning of a day in UTC, such as `2026-01-31`; `None` if it is no date.
    pub fn of_date(text: &str) -> Option<Self> {
        let date = Date::parse(text, &Iso8601::DATE).ok()?;
        Some(Self(date.midnight().assume_utc().unix_timestamp() * 1000))
    }

    /// Date and time in UTC (RFC 3339); `None` if out of the range of dates.
    pub fn rfc3339(self) -> Option<String> {
        let moment = OffsetDateTime::from_unix_timestamp(self.seconds()).ok()?;
        let (hour, minute, second) = moment.time().as_hms();
        let millis = self.0.rem_euclid(1000);
        let date = moment.date();
        Some(format!(
            "{date}T{hour:02}:{minute:02}:{second:02}.{millis:03}Z"
        ))
    }

    /// The date in UTC, such as `2026-01-31`; `None` if out of the range of dates.
    pub fn date(self) -> Option<String> {
        let moment = OffsetDateTime::from_unix_timestamp(self.seconds()).ok()?;
        Some(moment.date().to_string())
    }
}

impl Add<Duration> for Timestamp {
    type Output = Self;

    fn add(self, duration: Duration) -> Self {
        Self(self.0.saturating_add(millis(duration)))
    }
}

impl Sub<Duration> for Timestamp {
    type Output = Self;

    fn sub(self, duration: Duration) -> Self {
        Self(self.0.saturating_sub(millis(duration)))
    }
}

/// The source of the current time: the system, or a fixed time that tests advance.
#[derive(Clone, Debug, Default)]
pub struct Clock(Option<Arc<AtomicI64>>);

impl Clock {
    /// The system's clock.
    pub fn system() -> Self {
        Self(None)
    }

    /// A clock that stands still at `now` until [`Clock::advance`] moves it.
    pub fn fixed(now: Timestamp) -> Self {
        Self(Some(Arc::new(AtomicI64::new(now.0))))
    }

    /// Advances a fixed clock and all its clones; has no effect on the system's clock.
    pub fn advance(&self, by: Duration) {
        if let Some(hand) = &self.0 {
            hand.fetch_add(millis(by), Ordering::SeqCst);
        }
    }

    /// Sets a fixed clock and all its clones back; has no effect on the system's clock.
    pub fn set_back(&self, by: Duration) {
        if let Some(hand) = &self.0 {
            hand.fetch_sub(millis(by), Ordering::SeqCst);
        }
    }

    /// The current time.
    pub fn now(&self) -> Timestamp {
        match &self.0 {
            Some(hand) => Timestamp(hand.load(Ordering::SeqCst)),
            None => Timestamp(system_millis()),
        }
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the one place that reads the system's clock"
)]
fn system_millis() -> i64 {
    let since_epoch = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    millis(since_epoch)
}

/// A duration in whole milliseconds.
pub fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_past_for_a_while_and_one_in_the_future_is_not() {
        let minute = Duration::from_secs(60);
        let earlier = Timestamp(1_000_000);
        for (now, expected) in [
            (1_000_000, true),
            (1_059_999, true),
            (1_060_000, false),
            (999_999, false),
            (0, false),
            (i64::MAX, false),
        ] {
            assert_eq!(Timestamp(now).is_within(minute, earlier), expected, "{now}");
        }
    }
}
