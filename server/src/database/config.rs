//! The settings of the database.

use crate::config::Source;

/// The settings of the database.
#[derive(Clone, Debug)]
pub struct DatabaseConfig {
    /// `DATABASE_URL`: `sqlite://path/to/file.db`, created if it does not exist.
    pub url: String,
    /// `LATCHKEY_DATABASE_READERS`: number of connections that read, in addition to the one that writes.
    pub readers: u32,
}

impl DatabaseConfig {
    pub(crate) fn from_source(source: &Source) -> Self {
        let url = source
            .text("DATABASE_URL")
            .unwrap_or_else(|| "sqlite://data/latchkey.db".to_owned());
        if !url.starts_with("sqlite:") || url.contains("memory:") || url.contains("mode=memory") {
            source.problem(
                "DATABASE_URL",
                "must name a file, such as sqlite://data/latchkey.db",
            );
        }
        Self {
            url,
            readers: source.number("LATCHKEY_DATABASE_READERS", 4, 1..=64) as u32,
        }
    }
}
