//! The settings of connections and requests.

use std::time::Duration;

use super::Source;

/// Limits of connections and requests.
#[derive(Clone, Debug)]
pub struct ConnectionsConfig {
    /// `LATCHKEY_MAX_CONNECTIONS`: maximum number of open connections; more wait to be accepted.
    pub max_connections: usize,
    /// `LATCHKEY_HEADER_SECONDS`: how long a client may take to send the headers of a request, and how long
    /// an idle connection is kept.
    pub header_timeout: Duration,
    /// `LATCHKEY_REQUEST_SECONDS`: a request that takes longer, including its body, is answered with 503. A
    /// vendor's response may take ten seconds.
    pub request_time: Duration,
    /// `LATCHKEY_SHUTDOWN_SECONDS`: how long requests in flight may take after the server is told to stop.
    pub shutdown_time: Duration,
}

impl ConnectionsConfig {
    pub(super) fn from_source(source: &Source) -> Self {
        let seconds = |name, default| Duration::from_secs(source.number(name, default, 1..=300));
        Self {
            max_connections: source.number("LATCHKEY_MAX_CONNECTIONS", 1024, 8..=100_000) as usize,
            header_timeout: seconds("LATCHKEY_HEADER_SECONDS", 10),
            request_time: seconds("LATCHKEY_REQUEST_SECONDS", 30),
            shutdown_time: seconds("LATCHKEY_SHUTDOWN_SECONDS", 10),
        }
    }
}
