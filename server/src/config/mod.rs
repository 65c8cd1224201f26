//! Everything that can be set, read once at start: environment first, then the TOML file.
//!
//! One struct per concern, one file per struct; each field says which variable it is read from.
//! A wrong or missing value stops the start with a sentence that names the variable.

mod admin;
mod connections;
mod database;
mod http;
mod limits;
mod mail;
mod origin;
mod password;
mod session;
mod source;

pub use admin::AdminConfig;
pub use connections::ConnectionsConfig;
pub use database::DatabaseConfig;
pub use http::{Environment, HttpConfig};
pub use limits::{LimitsConfig, Policy};
pub use mail::{MailConfig, SmtpConfig};
pub use origin::{Origin, OriginError};
pub use password::PasswordConfig;
pub use session::SessionConfig;
pub use source::{ConfigProblems, Source};

use crate::{oauth::OAuthConfig, vendors::VendorsConfig};

/// The whole configuration of one server.
#[derive(Clone, Debug)]
pub struct Config {
    pub http: HttpConfig,
    pub database: DatabaseConfig,
    pub session: SessionConfig,
    pub password: PasswordConfig,
    pub limits: LimitsConfig,
    pub admin: AdminConfig,
    pub mail: MailConfig,
    pub oauth: OAuthConfig,
    pub vendors: VendorsConfig,
}

impl Config {
    /// Reads and checks every setting.
    ///
    /// # Errors
    /// All problems at once, each naming its variable; no value is ever part of a message.
    pub fn from_source(source: &Source) -> Result<Self, ConfigProblems> {
        let http = HttpConfig::from_source(source);
        let config = Self {
            database: DatabaseConfig::from_source(source),
            session: SessionConfig::from_source(source),
            password: PasswordConfig::from_source(source),
            limits: LimitsConfig::from_source(source),
            admin: AdminConfig::from_source(source),
            mail: MailConfig::from_source(source, &http),
            oauth: OAuthConfig::from_source(source, &http),
            vendors: VendorsConfig::from_source(source, &http),
            http,
        };
        source.finish(config)
    }

    /// Reads the process environment and the file that it names, and warns of settings that do not exist.
    ///
    /// # Errors
    /// As [`Config::from_source`].
    pub fn load() -> Result<Self, ConfigProblems> {
        let source = Source::new(std::env::vars()).with_named_file();
        let config = Self::from_source(&source)?;
        for name in source.unknown_names() {
            tracing::warn!(
                setting = name,
                "this setting does not exist and has no effect"
            );
        }
        Ok(config)
    }
}

#[cfg(test)]
mod tests;
