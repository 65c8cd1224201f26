//! The server as its visitors meet it: the real router on a real port, a database of its own, a clock that the test
//! turns, and the sandbox in the same process. One file for each feature.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot go on must fail"
)]

mod accounts;
mod failed_writes;
mod handoff;
mod harness;
mod http;
mod oauth;
mod older_database;
mod vendors;
