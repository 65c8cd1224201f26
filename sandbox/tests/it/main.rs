//! The sandbox as its users see it: over HTTP and SMTP, in process, with a clock that stands still.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on should say where"
)]

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
