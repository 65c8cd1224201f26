//! Reading settings: their source, web origins, and the settings that more than one feature needs. The
//! settings of a feature are in its own `config.rs`.

mod connections;
mod http;
mod origin;
mod source;

pub use connections::ConnectionsConfig;
pub use http::{Environment, HttpConfig};
pub use origin::{Origin, OriginError, is_loopback};
pub(crate) use source::is_safe;
pub use source::{ConfigProblems, Source};
