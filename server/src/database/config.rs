//! The settings of the database.

use std::{path::Path, sync::Arc};

use anyhow::{Context, ensure};
use secrecy::SecretString;

use super::{
    backup::{Pending, Restored},
    engine::{Engine, Settings},
    handles::Database,
    migrations, postgres, sqlite, transfer,
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

    /// The migrations that the database lacks. Changes nothing, not even a file that does not exist.
    ///
    /// # Errors
    /// If the database cannot be read, or was migrated by a newer version.
    pub async fn pending_migrations(&self) -> anyhow::Result<Vec<Pending>> {
        let applied = self.settings()?.applied().await?;
        let unknown = migrations::unknown(&applied);
        ensure!(
            unknown.is_empty(),
            "the schema was migrated by a newer version: this one does not know the migrations {unknown:?}"
        );
        Ok(migrations::pending(&applied))
    }

    /// Writes a copy of the database to a new file, with everything that was acknowledged before. Servers write
    /// meanwhile.
    ///
    /// # Errors
    /// If it cannot be read, the file is there already, or the engine has its own tools.
    pub async fn back_up(&self, to: &Path) -> anyhow::Result<()> {
        self.settings()?.back_up(to).await
    }

    /// Puts a backup in the place of the database, on which no server may run. With `replace`, one that is there is
    /// kept under another name.
    ///
    /// # Errors
    /// If the backup cannot be used, or there is a database without `replace`, or one in use.
    pub async fn restore(&self, backup: &Path, replace: bool) -> anyhow::Result<Restored> {
        self.settings()?.restore(backup, replace).await
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
