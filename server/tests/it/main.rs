//! The server as its visitors meet it: the real router on a real port, a database of its own, a clock that the test
//! turns, and the sandbox in the same process. One file for each feature; the ids in the names are those of the
//! catalogue of abuse and fault cases.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot go on must fail"
)]

mod accounts;
mod handoff;
mod harness;
mod http;
mod oauth;
mod older_database;
mod vendors;
