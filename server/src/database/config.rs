//! The settings of the database.

use std::sync::Arc;

use anyhow::Context;
use secrecy::SecretString;

use super::{
    engine::{Engine, Settings},
    handles::Database,
    postgres, sqlite, transfer,
};
use crate::config::Source;

/// The engines. Each reads its settings if the URL is one of its own.
const ENGINES: [ReadSettings; 2] = [sqlite::settings, postgres::settings];

type ReadSettings = fn(&SecretString, &Source) -> Option<Box<dyn Settings>>;

const DEFAULT: &str = "sqlite://data/latchkey.db";

/// The settings of the database: which engine, and its own.
#[derive(Clone, Debug)]
pub struct DatabaseConfig(Option<Arc<dyn Settings>>);

impl DatabaseConfig {
    /// `DATABASE_URL`, or `DATABASE_URL_FILE` for a URL with a password; its scheme chooses the engine.
    pub fn from_source(source: &Source) -> Self {
        let url = source.secret("DATABASE_URL");
        let url = url.unwrap_or_else(|| SecretString::from(DEFAULT));
        Self::at(&url, source)
    }

    fn at(url: &SecretString, source: &Source) -> Self {
        let settings = ENGINES.iter().find_map(|engine| engine(url, source));
        if settings.is_none() {
            source.problem(
                "DATABASE_URL",
                "must name a file, such as sqlite://data/latchkey.db, or a server, such as \
                 postgres://user@host/database",
            );
        }
        Self(settings.map(Arc::from))
    }

    /// Connects to the database, checks that it can be written and migrates its schema.
    ///
    /// # Errors
    /// If the database cannot be reached or written, is damaged, or was migrated by a newer version.
    pub async fn open(&self) -> anyhow::Result<Database> {
        let engine = self.open_engine().await?;
        transfer::ensure_in_use(engine.tables())?;
        Ok(Database::new(engine))
    }

    /// Opens the database even if a move from or to it has begun.
    pub(super) async fn open_engine(&self) -> anyhow::Result<Box<dyn Engine>> {
        self.settings()?.open().await
    }

    /// Checks that there is a database, which opening it may otherwise create.
    pub(super) fn ensure_exists(&self) -> anyhow::Result<()> {
        self.settings()?.ensure_exists()
    }

    fn settings(&self) -> anyhow::Result<&dyn Settings> {
        self.0.as_deref().context("DATABASE_URL is not valid")
    }
}
