//! What every feature reads its settings with: the source of settings, origins, and the settings that more than one
//! feature needs. Nothing here knows a feature; each has a `config.rs` of its own.

mod connections;
mod http;
mod origin;
mod source;

pub use connections::ConnectionsConfig;
pub use http::{Environment, HttpConfig};
pub use origin::{Origin, OriginError, is_loopback};
pub(crate) use source::is_safe;
pub use source::{ConfigProblems, Source};
