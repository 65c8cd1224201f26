//! The settings of connections and requests.

use std::time::Duration;

use super::Source;

/// Limits of connections and requests.
#[derive(Clone, Debug)]
pub struct ConnectionsConfig {
    /// `LATCHKEY_MAX_CONNECTIONS`: maximum number of open connections. When they are reached, idle ones are
    /// closed; if there are none, more wait to be accepted.
    pub max_connections: usize,
    /// `LATCHKEY_MAX_CONNECTIONS_PER_CLIENT`: the same for one client; more are closed. Trusted proxies have no
    /// such limit.
    pub max_per_client: usize,
    /// `LATCHKEY_HEADER_SECONDS`: how long a client may take to send the headers of a request.
    pub header_timeout: Duration,
    /// `LATCHKEY_IDLE_SECONDS`: how long a connection is kept between two requests. If a proxy keeps its
    /// connections longer than the server, it may send a request into one that the server is closing.
    pub idle_timeout: Duration,
    /// `LATCHKEY_REQUEST_SECONDS`: a request that takes longer, including its body, is answered with 503. A
    /// vendor's response may take ten seconds.
    pub request_timeout: Duration,
    /// `LATCHKEY_SHUTDOWN_SECONDS`: how long requests in flight may take after the server is told to stop.
    pub shutdown_timeout: Duration,
}

impl ConnectionsConfig {
    pub(super) fn from_source(source: &Source) -> Self {
        let seconds = |name, default| Duration::from_secs(source.number(name, default, 1..=300));
        let max_connections = source.number("LATCHKEY_MAX_CONNECTIONS", 1024, 8..=100_000);
        let max_per_client = source.number(
            "LATCHKEY_MAX_CONNECTIONS_PER_CLIENT",
            max_connections.div_ceil(4),
            1..=100_000,
        );
        Self {
            max_connections: max_connections as usize,
            max_per_client: max_per_client as usize,
            header_timeout: seconds("LATCHKEY_HEADER_SECONDS", 10),
            idle_timeout: Duration::from_secs(source.number("LATCHKEY_IDLE_SECONDS", 75, 1..=3600)),
            request_timeout: seconds("LATCHKEY_REQUEST_SECONDS", 30),
            shutdown_timeout: seconds("LATCHKEY_SHUTDOWN_SECONDS", 10),
        }
    }
}
