//! The database: one connection that writes, a few that read, and what their errors mean.
//!
//! SQL lives in the `store.rs` files of the features and stays portable to PostgreSQL:
//! numbered parameters, `TEXT` and `BIGINT` columns, times in milliseconds, no SQLite functions.

mod config;
mod error;
mod migrations;
mod timestamp;

use std::{path::Path, str::FromStr, time::Duration};

use anyhow::{Context, bail};
use sqlx::{
    ConnectOptions, Connection as _, Sqlite, Transaction,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

pub use config::DatabaseConfig;
pub use error::StorageError;

/// The database engine.
pub type Db = Sqlite;

/// Connections that read, as the store functions take them.
pub type Pool = sqlx::Pool<Db>;

/// A connection, as the store functions take it; a transaction derefs to it.
pub type Connection = <Db as sqlx::Database>::Connection;

/// A row, as the store functions read it.
pub type DbRow = <Db as sqlx::Database>::Row;

/// How long a request waits for a lock or a connection before it fails with [`StorageError::Unavailable`].
const WAIT: Duration = Duration::from_secs(3);

/// Handles to the database.
#[derive(Clone, Debug)]
pub struct Database {
    writer: Pool,
    readers: Pool,
}

impl Database {
    /// Opens the database, checks its integrity and migrates its schema.
    ///
    /// # Errors
    /// If the file cannot be opened, is damaged, or was written by a newer version.
    pub async fn open(config: &DatabaseConfig) -> anyhow::Result<Self> {
        let options = SqliteConnectOptions::from_str(&config.url)
            .context("DATABASE_URL must be like sqlite://path/to/file.db")?
            .create_if_missing(true)
            .foreign_keys(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(WAIT)
            .pragma("journal_size_limit", "67108864")
            .optimize_on_close(true, None)
            .disable_statement_logging();
        create_folder(options.get_filename())?;
        // Connections to a file do not go stale; testing them first would double the time of every query.
        let pool = SqlitePoolOptions::new()
            .acquire_timeout(WAIT)
            .test_before_acquire(false);
        let writer = pool
            .clone()
            .max_connections(1)
            // After a failed write, SQLite may have ended the transaction itself while sqlx still counts it
            // as open (sqlx 0.9, SQLITE_FULL and SQLITE_IOERR). Such a connection could never begin another
            // transaction.
            .after_release(|connection, _| {
                let is_clean = !connection.is_in_transaction();
                Box::pin(async move { Ok(is_clean) })
            })
            .connect_with(options.clone())
            .await
            .with_context(|| {
                format!(
                    "cannot open the database {}",
                    options.get_filename().display()
                )
            })?;
        check(&writer).await?;
        migrations::migrator()
            .run(&writer)
            .await
            .context("cannot migrate the database")?;
        let readers = pool
            .max_connections(config.readers)
            .connect_with(options.create_if_missing(false).pragma("query_only", "1"))
            .await
            .context("cannot open the database for reading")?;
        Ok(Self { writer, readers })
    }

    /// Connections that read.
    pub fn read(&self) -> &Pool {
        &self.readers
    }

    /// Begins a transaction that writes.
    ///
    /// It takes the write lock at once: a transaction that reads first and writes later fails without waiting
    /// when another one has committed in between (`SQLITE_BUSY_SNAPSHOT`).
    ///
    /// # Errors
    /// If the lock is not free in time.
    pub async fn write(&self) -> Result<Transaction<'static, Db>, StorageError> {
        Ok(self.writer.begin_with("BEGIN IMMEDIATE").await?)
    }

    /// Checks that the database answers.
    ///
    /// # Errors
    /// If it does not.
    pub async fn ping(&self) -> Result<(), StorageError> {
        sqlx::query("SELECT 1").execute(&self.readers).await?;
        Ok(())
    }

    /// Closes all connections and merges the write-ahead log into the database file.
    pub async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }
}

fn create_folder(file: &Path) -> anyhow::Result<()> {
    let Some(folder) = file
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
    else {
        return Ok(());
    };
    std::fs::create_dir_all(folder)
        .with_context(|| format!("cannot create the folder {}", folder.display()))
}

async fn check(pool: &Pool) -> anyhow::Result<()> {
    let verdict: String = sqlx::query_scalar("PRAGMA quick_check(1)")
        .fetch_one(pool)
        .await
        .context("cannot read the database; is it a SQLite file?")?;
    if verdict != "ok" {
        bail!("the database is damaged ({verdict}); restore a backup");
    }
    Ok(())
}
