//! The settings of the audit log.

use std::time::Duration;

use crate::config::Source;

/// How long the audit log is kept.
#[derive(Clone, Debug)]
pub struct AuditConfig {
    /// `LATCHKEY_AUDIT_KEEP`: entries are deleted after this many days.
    pub keep: Duration,
}

impl AuditConfig {
    pub(crate) fn from_source(source: &Source) -> Self {
        let days = source.number("LATCHKEY_AUDIT_KEEP", 400, 1..=36_500);
        Self {
            keep: Duration::from_secs(days * 24 * 60 * 60),
        }
    }
}
