//! Integration tests: the real router on a real port, with a database for each test, a clock that the test
//! advances, and the sandbox in the same process. One file for each feature.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a panic fails the test"
)]

mod accounts;
mod backup;
mod database_file;
mod doctor;
mod failed_writes;
mod handoff;
mod harness;
mod http;
mod invalid_text;
#[cfg(target_os = "linux")]
mod io_errors;
mod log_faults;
mod monitoring;
mod newer_schema;
mod oauth;
mod older_database;
mod plans;
mod pooler;
mod postgres;
mod postgres_connections;
mod private_ca;
mod same_schema;
mod sweeps;
mod transactions;
mod transfer;
mod vendors;
