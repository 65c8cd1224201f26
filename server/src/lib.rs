//! Latchkey's server: a host login that hands its signed-in users to the widgets and backends of vendors.
//!
//! ```text
//! request ─▶ serve ─▶ http/ (time, host, headers) ─▶ router (origin) ─▶ session/ ─┬─▶ accounts | handoff | vendors :: routes ─┐
//!                                                                                 └─▶ leptos ─▶ app server function ─▶ port ──┤
//!                                                                                                                             ▼
//!                                                                                       use cases (no HTTP, no cookies, no clock)
//!                                                                                                                             ▼
//!                                                                                                          store.rs (all the SQL)
//! ```
//!
//! Pages are drawn by the `app` crate from models that the handlers fill; see `render`.

pub mod accounts;
pub mod admin;
pub mod clock;
pub mod command;
pub mod config;
pub mod database;
pub mod demo;
pub mod handoff;
pub mod http;
pub mod jwt;
pub mod leptos;
pub mod limits;
pub mod mail;
pub mod oauth;
pub mod outbound;
pub mod random;
pub mod render;
pub mod router;
pub mod serve;
pub mod session;
pub mod site;
pub mod startup;
pub mod state;
pub mod sweeper;
pub mod vendors;
