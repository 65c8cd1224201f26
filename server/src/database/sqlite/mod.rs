//! SQLite: one connection that writes, and a few that read.

mod error;
mod file;
mod setup;
mod statements;

use std::{str::FromStr, sync::Arc, time::Duration};

use anyhow::Context;
use async_trait::async_trait;
use secrecy::{ExposeSecret, SecretString};
use sqlx::{
    AssertSqlSafe, ConnectOptions, Connection as _, Pool, Sqlite,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

use super::{
    engine::{self, Changes, Connection, Engine},
    error::StorageError,
};
use crate::config::Source;
use error::storage_error;
use file::DatabaseFile;

/// How long a request waits for a connection, and then for the lock of another process, before it fails with
/// [`StorageError::Unavailable`]: less than five seconds together.
const CONNECTION_WAIT: Duration = Duration::from_secs(3);
const LOCK_WAIT: Duration = Duration::from_millis(1500);

/// The settings of a database file.
#[derive(Clone, Debug)]
struct Settings {
    /// `DATABASE_URL`: `sqlite://path/to/file.db`, created if it does not exist.
    url: String,
    /// `LATCHKEY_DATABASE_READERS`: number of connections that read, in addition to the one that writes.
    readers: u32,
}

/// Reads the settings, if the URL is one of SQLite.
pub(super) fn settings(url: &SecretString, source: &Source) -> Option<Box<dyn engine::Settings>> {
    if !engine::has_scheme(url, &["sqlite"]) {
        return None;
    }
    let url = url.expose_secret().to_owned();
    if url.contains("memory:") || url.contains("mode=memory") {
        source.problem(
            "DATABASE_URL",
            "must name a file, such as sqlite://data/latchkey.db",
        );
    }
    Some(Box::new(Settings {
        url,
        readers: source.number("LATCHKEY_DATABASE_READERS", 4, 1..=64) as u32,
    }))
}

#[async_trait]
impl engine::Settings for Settings {
    /// Creates the file if it does not exist.
    async fn open(&self) -> anyhow::Result<Box<dyn Engine>> {
        let options = SqliteConnectOptions::from_str(&self.url)
            .context("DATABASE_URL must be like sqlite://path/to/file.db")?
            .create_if_missing(false)
            .foreign_keys(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(LOCK_WAIT)
            .pragma("journal_size_limit", "67108864")
            .disable_statement_logging();
        let path = options.get_filename();
        file::create(path)?;
        let open = async {
            let tables = setup::prepare(&options).await?;
            let file = DatabaseFile::at(path)?;
            let writer = writer(&file).connect_with(options.clone()).await?;
            let readers = pool(&file)
                .max_connections(self.readers)
                .connect_with(options.clone().pragma("query_only", "1"))
                .await?;
            anyhow::Ok(Database {
                writer,
                readers,
                file,
                tables: tables.into(),
            })
        };
        let database = open
            .await
            .with_context(|| format!("cannot use the database {}", path.display()))?;
        Ok(Box::new(database))
    }
}

/// An open database file.
#[derive(Clone, Debug)]
struct Database {
    writer: Pool<Sqlite>,
    readers: Pool<Sqlite>,
    file: DatabaseFile,
    tables: Arc<[String]>,
}

impl Database {
    /// Takes the write lock at once: a transaction that reads first and writes later fails without waiting when
    /// another one has committed in between (`SQLITE_BUSY_SNAPSHOT`).
    async fn begin(&self) -> sqlx::Result<sqlx::Transaction<'static, Sqlite>> {
        self.file.check()?;
        self.writer.begin_with("BEGIN IMMEDIATE").await
    }

    async fn check_tables(&self) -> sqlx::Result<()> {
        let mut tx = self.begin().await?;
        setup::write(&mut tx).await?;
        tx.commit().await?;
        for table in &*self.tables {
            // A name from the schema, which the migrations write.
            let read = AssertSqlSafe(format!("SELECT * FROM {table} LIMIT 1"));
            sqlx::query(read).execute(&self.readers).await?;
        }
        Ok(())
    }
}

#[async_trait]
impl Engine for Database {
    async fn read(&self) -> Result<Box<Connection>, StorageError> {
        let connection = self.readers.acquire().await.map_err(storage_error)?;
        Ok(Box::new(connection))
    }

    /// Fails also if the file was deleted or replaced.
    async fn write(&self) -> Result<Box<dyn Changes>, StorageError> {
        Ok(Box::new(self.begin().await.map_err(storage_error)?))
    }

    async fn check(&self) -> Result<(), StorageError> {
        self.check_tables().await.map_err(storage_error)
    }

    /// Also merges the write-ahead log into the database file.
    async fn close(&self) {
        self.readers.close().await;
        // SQLite merges with the last connection, but not while another process has the file open.
        let merge = sqlx::raw_sql("PRAGMA optimize; PRAGMA wal_checkpoint(TRUNCATE)");
        if let Err(error) = merge.execute(&self.writer).await {
            tracing::warn!(%error, "cannot merge the write-ahead log; keep it with the database file");
        }
        self.writer.close().await;
    }
}

/// The only connection that writes.
fn writer(file: &DatabaseFile) -> SqlitePoolOptions {
    pool(file)
        .max_connections(1)
        // After a failed write, SQLite may have ended the transaction itself while sqlx still counts it
        // as open (sqlx 0.9, SQLITE_FULL and SQLITE_IOERR). Such a connection could never begin another
        // transaction.
        .after_release(|connection, _| {
            let is_clean = !connection.is_in_transaction();
            Box::pin(async move { Ok(is_clean) })
        })
}

/// Connections that are never renewed and only to this very file. They do not go stale; testing them before use
/// would double the time of every query.
fn pool(file: &DatabaseFile) -> SqlitePoolOptions {
    let file = file.clone();
    SqlitePoolOptions::new()
        .acquire_timeout(CONNECTION_WAIT)
        .idle_timeout(None)
        .max_lifetime(None)
        .test_before_acquire(false)
        .after_connect(move |_, _| {
            let checked = file.check();
            Box::pin(async move { checked })
        })
}
