//! The settings of rate limits.

use std::time::Duration;

use crate::{clock::Timestamp, config::Source};

/// A rate limit: `burst` attempts at once, then one more every `refill`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Policy {
    pub burst: u32,
    pub refill: Duration,
    /// Maximum number of failures in a row, regardless of their rate.
    pub max_failures_in_a_row: i64,
}

impl Policy {
    /// The furthest moment at which a key can be back to its full burst. A key with a later one was counted
    /// before the clock was set back, and counts from now on.
    pub(super) fn furthest(&self, now: Timestamp) -> Timestamp {
        now + self.refill * self.burst
    }
}

/// All rate limits.
#[derive(Clone, Debug)]
pub struct LimitsConfig {
    /// `LATCHKEY_LIMIT_ACCOUNT_BURST`: wrong passwords for one account; one more each minute.
    ///
    /// `LATCHKEY_LIMIT_FAILURES`: wrong passwords in a row until only a password reset unlocks the account
    /// (NIST: at most 100). Fewer than ten are forgotten after a day without another one, more after 30 days.
    pub account: Policy,
    /// `LATCHKEY_LIMIT_CLIENT_BURST`: wrong passwords from one client address; one more each five seconds.
    pub client: Policy,
    /// `LATCHKEY_LIMIT_FORM_BURST`: registrations and reset requests from one client address; one more each minute.
    pub forms: Policy,
    /// `LATCHKEY_LIMIT_OAUTH_BURST`: sign-ins begun at identity providers from one client address; one more each two
    /// seconds.
    pub oauth: Policy,
    /// `LATCHKEY_LIMIT_CODE_BURST`: hand-off codes redeemed from one client address; one more each two seconds.
    pub codes: Policy,
    /// `LATCHKEY_LIMIT_MAIL_BURST`: mails of one kind to one address; one more each 20 minutes.
    pub mail: Policy,
    /// `LATCHKEY_LIMIT_CREDENTIAL_BURST`: credentials of one vendor for one user; one more each two seconds.
    pub credentials: Policy,
}

impl LimitsConfig {
    pub(crate) fn from_source(source: &Source) -> Self {
        let policy = |name, default, refill| Policy {
            burst: source.number(name, default, 1..=1_000_000) as u32,
            refill: Duration::from_secs(refill),
            max_failures_in_a_row: i64::MAX,
        };
        Self {
            account: Policy {
                max_failures_in_a_row: source.number("LATCHKEY_LIMIT_FAILURES", 100, 10..=100)
                    as i64,
                ..policy("LATCHKEY_LIMIT_ACCOUNT_BURST", 10, 60)
            },
            client: policy("LATCHKEY_LIMIT_CLIENT_BURST", 30, 5),
            forms: policy("LATCHKEY_LIMIT_FORM_BURST", 10, 60),
            oauth: policy("LATCHKEY_LIMIT_OAUTH_BURST", 60, 2),
            codes: policy("LATCHKEY_LIMIT_CODE_BURST", 60, 2),
            mail: policy("LATCHKEY_LIMIT_MAIL_BURST", 3, 20 * 60),
            credentials: policy("LATCHKEY_LIMIT_CREDENTIAL_BURST", 30, 2),
        }
    }
}
