//! Tests of the sandbox over HTTP and SMTP, in process, with a frozen clock.

#![expect(clippy::unwrap_used, reason = "a panic shows where a test failed")]

mod cloudbase;
mod ferndesk;
mod harness;
mod knoon;
mod lifecycle;
mod mail;
mod pages;
mod sso;
mod xsolla;
mod zendesk;
