//! What Prometheus reads of this process: counts, times and lengths of queues. As the log is, they are the
//! process's, and decide about nothing.
//!
//! A label has one of a few values that the program knows, never one that a client has chosen. What is counted
//! between two scrapes is only added to: no request waits for a scrape.

use std::{
    sync::LazyLock,
    time::{Duration, Instant},
};

use prometheus_client::{
    encoding::EncodeLabelSet,
    metrics::{counter::Counter, family::Family, gauge::Gauge, histogram::Histogram},
    registry::Registry,
};

/// The prefix of all names.
pub const PREFIX: &str = "latchkey";

/// The bounds of the histograms' buckets, in seconds.
const BUCKETS: [f64; 12] = [
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0,
];

/// The metrics of this process.
pub static METRICS: LazyLock<Metrics> = LazyLock::new(Metrics::default);

/// Histograms of one name, by their labels.
pub type Times<Labels> = Family<Labels, Histogram, fn() -> Histogram>;

/// All metrics but those of HTTP requests, which `web/http` has.
#[derive(Debug)]
pub struct Metrics {
    sign_ins: Family<SignIn, Counter>,
    credentials: Family<Vendor, Counter>,
    calls: Times<Call>,
    mails: Family<Mail, Counter>,
    /// Mails that wait.
    pub mails_waiting: Gauge,
    /// Passwords that wait to be hashed.
    pub hash_queue: Gauge,
    /// How long they have waited.
    pub hash_wait: Histogram,
    /// Passwords that were not hashed, since too many were waiting or they had waited too long.
    pub hash_rejected: Counter,
    /// Sessions with a request in the last minutes.
    pub sessions_active: Gauge,
    /// 1 if the database could be read for this scrape, or else 0.
    pub database_up: Gauge,
    connections: Family<Connections, Gauge>,
    /// How long a transaction that writes has waited for its connection and its lock.
    pub write_wait: Histogram,
    /// How long a transaction that writes has taken from then until it was committed.
    pub write: Histogram,
    /// Background tasks whose latest unit of work has failed.
    pub workers_failing: Gauge,
}

#[derive(Clone, Debug, EncodeLabelSet, Eq, Hash, PartialEq)]
struct SignIn {
    method: &'static str,
    outcome: &'static str,
}

#[derive(Clone, Debug, EncodeLabelSet, Eq, Hash, PartialEq)]
struct Vendor {
    vendor: &'static str,
}

#[derive(Clone, Debug, EncodeLabelSet, Eq, Hash, PartialEq)]
struct Call {
    service: &'static str,
    outcome: &'static str,
}

#[derive(Clone, Debug, EncodeLabelSet, Eq, Hash, PartialEq)]
struct Mail {
    outcome: &'static str,
}

#[derive(Clone, Debug, EncodeLabelSet, Eq, Hash, PartialEq)]
struct Connections {
    state: &'static str,
}

impl Default for Metrics {
    fn default() -> Self {
        Self {
            sign_ins: Family::default(),
            credentials: Family::default(),
            calls: Family::new_with_constructor(times),
            mails: Family::default(),
            mails_waiting: Gauge::default(),
            hash_queue: Gauge::default(),
            hash_wait: times(),
            hash_rejected: Counter::default(),
            sessions_active: Gauge::default(),
            database_up: Gauge::default(),
            connections: Family::default(),
            write_wait: times(),
            write: times(),
            workers_failing: Gauge::default(),
        }
    }
}

impl Metrics {
    /// A sign-in, by its method and how it ended.
    pub fn sign_in(&self, method: &'static str, outcome: &'static str) {
        self.sign_ins
            .get_or_create(&SignIn { method, outcome })
            .inc();
    }

    /// A credential that was issued for a vendor.
    pub fn credential(&self, vendor: &'static str) {
        self.credentials.get_or_create(&Vendor { vendor }).inc();
    }

    /// An attempt to send a mail.
    pub fn mail(&self, outcome: &'static str) {
        self.mails.get_or_create(&Mail { outcome }).inc();
    }

    /// The connections to the database.
    pub fn connections(&self, idle: u32, busy: u32) {
        for (state, number) in [("idle", idle), ("busy", busy)] {
            self.connections
                .get_or_create(&Connections { state })
                .set(number.into());
        }
    }

    /// Names and explains them all.
    pub fn register(&self, registry: &mut Registry) {
        let sign_ins = self.sign_ins.clone();
        registry.register("sign_ins", "Sign-ins by method and outcome", sign_ins);
        let credentials = self.credentials.clone();
        registry.register("credentials", "Credentials issued by vendor", credentials);
        registry.register(
            "call_seconds",
            "Time of requests to vendors, providers and the mail server by outcome",
            self.calls.clone(),
        );
        registry.register(
            "mails",
            "Attempts to send mails by outcome",
            self.mails.clone(),
        );
        registry.register(
            "mails_waiting",
            "Mails in the queue",
            self.mails_waiting.clone(),
        );
        registry.register(
            "hash_queue_length",
            "Passwords that wait to be hashed",
            self.hash_queue.clone(),
        );
        registry.register(
            "hash_wait_seconds",
            "Time that passwords have waited to be hashed",
            self.hash_wait.clone(),
        );
        registry.register(
            "hash_rejected",
            "Passwords not hashed because too many were waiting",
            self.hash_rejected.clone(),
        );
        registry.register(
            "sessions_active",
            "Sessions with a request in the last five minutes",
            self.sessions_active.clone(),
        );
        self.register_database(registry);
        registry.register(
            "workers_failing",
            "Background tasks whose latest unit of work has failed",
            self.workers_failing.clone(),
        );
    }

    fn register_database(&self, registry: &mut Registry) {
        registry.register(
            "database_up",
            "Whether the database can be read",
            self.database_up.clone(),
        );
        registry.register(
            "database_connections",
            "Connections to the database by state",
            self.connections.clone(),
        );
        registry.register(
            "database_write_wait_seconds",
            "Time that transactions have waited to write",
            self.write_wait.clone(),
        );
        registry.register(
            "database_write_seconds",
            "Time of transactions that write",
            self.write.clone(),
        );
    }
}

/// A request to another server, timed until it is dropped: also one that is given up.
#[derive(Debug)]
pub struct TimedCall {
    service: &'static str,
    outcome: &'static str,
    began: Instant,
}

impl TimedCall {
    /// A request to a vendor, a provider or the mail server begins.
    pub fn to(service: &'static str) -> Self {
        Self {
            service,
            outcome: "no_response",
            began: Instant::now(),
        }
    }

    /// It ended with this.
    pub fn ended(&mut self, outcome: &'static str) {
        self.outcome = outcome;
    }

    /// It got a response with this status.
    pub fn responded(&mut self, status: u16) {
        self.ended(match status {
            200..300 => "ok",
            400..500 => "status_4xx",
            500..600 => "status_5xx",
            _ => "status_other",
        });
    }
}

impl Drop for TimedCall {
    fn drop(&mut self) {
        let labels = Call {
            service: self.service,
            outcome: self.outcome,
        };
        let times = METRICS.calls.get_or_create(&labels);
        times.observe(self.began.elapsed().as_secs_f64());
    }
}

/// A histogram of times.
pub fn times() -> Histogram {
    Histogram::new(BUCKETS)
}

/// Adds a time to a histogram.
pub fn observe(times: &Histogram, took: Duration) {
    times.observe(took.as_secs_f64());
}
