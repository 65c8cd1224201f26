//! Stands in for the vendors, so that the demo and the tests need no network: APIs, browser widgets,
//! their failures, an OpenID provider, and a mailbox. Its checks are written from the vendors'
//! documents alone and use nothing of the server's.
//!
//! A vendor is one folder, one `mod` line here, and one line in `services.rs`.

mod address;
mod clock;
mod config;
mod headers;
mod huge;
mod jwt;
mod latest;
mod listen;
mod lock;
mod parameters;
mod random;
mod router;
mod rsa_keys;
mod running;
mod secret;
mod services;
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
pub use config::{Config, Origin};
pub use running::{Running, start};
pub use secret::{Secret, SecretInUse};
pub use services::ServiceConfigs;
