//! Stands in for the vendors, so that the demo and the tests need no network: APIs, browser widgets,
//! their failures, an OpenID provider, and a mailbox. Its checks are written from the vendors'
//! documentation alone and share no code with the server.
//!
//! The layers, each above those that it uses:
//!
//! 1. tools: `clock`, `origin`, `secret`, `jwt`, `body`, …, and the building blocks of pages and widgets
//! 2. `service` (what a service is) and `running` (a started sandbox)
//! 3. the services: one folder for each vendor, and `mail`
//! 4. `services` (the registry), then `config`, `router` and `startup`
//!
//! A vendor is a folder, a `mod` line here, and its lines in `services.rs`.

mod address;
mod body;
mod clock;
mod config;
mod headers;
mod history;
mod jwt;
mod landing;
mod listen;
mod lock;
mod origin;
mod oversized;
mod parameters;
mod random;
mod router;
mod rsa_keys;
mod running;
mod secret;
mod service;
mod services;
mod startup;
mod switches;
mod widgets;

pub mod cloudbase;
pub mod ferndesk;
pub mod knoon;
pub mod mail;
mod pages;
mod people;
pub mod sso;
pub mod xsolla;
pub mod zendesk;

pub use clock::Clock;
pub use config::Config;
pub use origin::Origin;
pub use running::Running;
pub use secret::{Secret, SecretInUse};
pub use services::ServiceConfigs;
pub use startup::start;
