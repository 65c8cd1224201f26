//! The database: one connection that writes, a few that read, and what their errors mean.
//!
//! SQL lives in the `store.rs` files of the features and stays portable to PostgreSQL:
//! numbered parameters, `TEXT` and `BIGINT` columns, times in milliseconds, no SQLite functions.

mod config;
mod error;
mod file;
mod migrations;
mod setup;
mod timestamp;

use std::{str::FromStr, sync::Arc, time::Duration};

use anyhow::Context;
use sqlx::{
    AssertSqlSafe, ConnectOptions, Connection as _, Sqlite, Transaction,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

use file::DatabaseFile;

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

/// How long a request waits for a connection, and then for the lock of another process, before it fails with
/// [`StorageError::Unavailable`]: less than five seconds together.
const CONNECTION_WAIT: Duration = Duration::from_secs(3);
const LOCK_WAIT: Duration = Duration::from_millis(1500);

/// Handles to the database.
#[derive(Clone, Debug)]
pub struct Database {
    writer: Pool,
    readers: Pool,
    file: DatabaseFile,
    tables: Arc<[String]>,
}

impl Database {
    /// Opens the database, checks its integrity and migrates its schema. Creates the file if it does not exist.
    ///
    /// # Errors
    /// If the file cannot be opened or written, is damaged, or was written by a newer version.
    pub async fn open(config: &DatabaseConfig) -> anyhow::Result<Self> {
        let options = SqliteConnectOptions::from_str(&config.url)
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
                .max_connections(config.readers)
                .connect_with(options.clone().pragma("query_only", "1"))
                .await?;
            anyhow::Ok(Self {
                writer,
                readers,
                file,
                tables: tables.into(),
            })
        };
        open.await
            .with_context(|| format!("cannot use the database {}", path.display()))
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
    /// If the lock is not free in time, or the file was deleted or replaced.
    pub async fn write(&self) -> Result<Transaction<'static, Db>, StorageError> {
        self.file.check()?;
        Ok(self.writer.begin_with("BEGIN IMMEDIATE").await?)
    }

    /// Checks that the database can be written and every table read.
    ///
    /// # Errors
    /// If not, or if the file was deleted or replaced.
    pub async fn check(&self) -> Result<(), StorageError> {
        let mut tx = self.write().await?;
        setup::write(&mut tx).await?;
        tx.commit().await?;
        for table in &*self.tables {
            // A name from the schema, which the migrations write.
            let read = AssertSqlSafe(format!("SELECT * FROM {table} LIMIT 1"));
            sqlx::query(read).execute(&self.readers).await?;
        }
        Ok(())
    }

    /// Closes all connections and merges the write-ahead log into the database file.
    pub async fn close(&self) {
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
