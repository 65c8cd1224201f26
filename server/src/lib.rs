//! Latchkey's server: a login that hands credentials of its signed-in users to the widgets and backends of
//! vendors.
//!
//! The modules are layers; each imports only from those below it (`cargo xtask tidy layers`):
//!
//! ```text
//! command                              the command line
//! startup, demo, sweeper, serve, doctor  puts the server together and keeps it running
//! web/                                 HTTP: routes, pages, cookies, errors
//! oauth/  mailer/                      identity providers; the worker that sends mail
//! vendors/                             one folder each, from the endpoint to the signature
//! handoff/                             chat boxes, the popup's flow and its codes
//! accounts/                            users: use cases, without HTTP
//! session/  mail/  limits/  audit/     what the use cases need
//! database/
//! config/  http/  clock  json  jwt  log  metrics  outbound  random  seal  signing  workers
//! ```
//!
//! SQL is in the files whose names end in `store.rs`. Handlers fill models, which the `app` crate renders as
//! pages.

/// The version, with the commit and its date if it was built for deployment.
pub const VERSION: &str = match option_env!("DIST_VERSION") {
    Some(version) => version,
    None => concat!(env!("CARGO_PKG_VERSION"), " (development)"),
};

pub mod accounts;
pub mod audit;
pub mod clock;
pub mod command;
pub mod config;
pub mod database;
pub mod demo;
pub mod doctor;
pub mod handoff;
pub mod http;
pub mod json;
pub mod jwt;
pub mod limits;
pub mod log;
pub mod mail;
pub mod mailer;
pub mod metrics;
pub mod oauth;
pub mod outbound;
pub mod random;
pub mod seal;
pub mod serve;
pub mod session;
pub mod signing;
pub mod startup;
pub mod sweeper;
pub mod vendors;
pub mod web;
pub mod workers;
