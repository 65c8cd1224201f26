//! The settings of sessions.

use std::time::Duration;

use crate::config::Source;

/// Lifetimes of sessions. NIST SP 800-63B-4 requires a new sign-in after 30 days at the latest.
#[derive(Clone, Debug)]
pub struct SessionConfig {
    /// `LATCHKEY_SESSION_IDLE_MINUTES`: without a request for this long, the session ends.
    pub idle: Duration,
    /// `LATCHKEY_SESSION_DAYS`: the session ends this long after signing in, used or not.
    pub absolute: Duration,
}

impl SessionConfig {
    pub(crate) fn from_source(source: &Source) -> Self {
        let minutes = source.number(
            "LATCHKEY_SESSION_IDLE_MINUTES",
            7 * 24 * 60,
            5..=30 * 24 * 60,
        );
        let days = source.number("LATCHKEY_SESSION_DAYS", 30, 1..=30);
        Self {
            idle: Duration::from_secs(minutes * 60),
            absolute: Duration::from_secs(days * 24 * 60 * 60),
        }
    }
}
