//! All settings, read once at startup. The environment takes precedence over the TOML file.
//!
//! Each feature has its settings in a `config.rs` beside its code; each field names its variable. If a value
//! is wrong or missing, the server does not start and names the variable.

use crate::{
    accounts::AccountsConfig,
    audit::AuditConfig,
    config::{ConfigProblems, HttpConfig, Source},
    database::DatabaseConfig,
    limits::LimitsConfig,
    log::LogFormat,
    mail::MailConfig,
    oauth::OAuthConfig,
    outbound::ExtraRoots,
    session::SessionConfig,
    vendors::VendorsConfig,
};

/// The whole configuration of the server.
#[derive(Clone, Debug)]
pub struct Config {
    pub http: HttpConfig,
    pub database: DatabaseConfig,
    pub session: SessionConfig,
    pub accounts: AccountsConfig,
    pub audit: AuditConfig,
    pub limits: LimitsConfig,
    pub mail: MailConfig,
    pub oauth: OAuthConfig,
    pub vendors: VendorsConfig,
    pub extra_roots: ExtraRoots,
    pub log_format: LogFormat,
}

impl Config {
    /// Reads and checks every setting.
    ///
    /// # Errors
    /// All problems at once. Each names its variable; none contains a value.
    pub fn from_source(source: &Source) -> Result<Self, ConfigProblems> {
        let http = HttpConfig::from_source(source);
        let config = Self {
            database: DatabaseConfig::from_source(source),
            session: SessionConfig::from_source(source),
            accounts: AccountsConfig::from_source(source),
            audit: AuditConfig::from_source(source),
            limits: LimitsConfig::from_source(source),
            mail: MailConfig::from_source(source, &http),
            oauth: OAuthConfig::from_source(source, &http),
            vendors: VendorsConfig::from_source(source, &http),
            extra_roots: ExtraRoots::from_source(source),
            log_format: LogFormat::from_source(source),
            http,
        };
        source.finish(config)
    }

    /// Reads the process environment and the file that it names, and warns of unknown settings.
    ///
    /// # Errors
    /// As [`Config::from_source`].
    pub fn load() -> Result<Self, ConfigProblems> {
        let source = Source::new(std::env::vars()).with_named_file();
        let config = Self::from_source(&source)?;
        for name in source.unknown_names() {
            tracing::warn!(
                setting = name,
                "this setting has no effect: it does not exist, or its feature is off"
            );
        }
        Ok(config)
    }
}

#[cfg(test)]
mod tests;
