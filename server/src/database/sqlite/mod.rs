//! SQLite: one connection that writes, and a few that read.

mod backup;
mod error;
mod file;
mod inline;
mod integrity;
mod setup;
mod statements;
mod tables;

use std::{io, path::Path, str::FromStr, sync::Arc, time::Duration};

use anyhow::Context;
use async_trait::async_trait;
use secrecy::{ExposeSecret, SecretString};
use sqlx::{
    AssertSqlSafe, ConnectOptions, Connection as _, Pool, Sqlite,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

use super::{
    backup::Restored,
    engine::{self, Changes, Connection, Engine},
    error::StorageError,
    query::Query,
    row::DbRow,
    schema::Table,
};
use crate::config::Source;
use error::storage_error;
use file::DatabaseFile;
use inline::InlineReaders;
use integrity::Integrity;

/// How long a request waits for a connection, and then for the lock of another process, before it fails with
/// [`StorageError::Unavailable`]: less than five seconds together.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(3);
const LOCK_TIMEOUT: Duration = Duration::from_millis(1500);

/// How often the write-ahead log is tried to be merged while others read, and the pause between two tries.
const MAX_MERGE_ATTEMPTS: u32 = 100;
const MERGE_RETRY_DELAY: Duration = Duration::from_millis(50);

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
        let options = self
            .options()?
            .create_if_missing(false)
            .foreign_keys(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(LOCK_TIMEOUT)
            .pragma("journal_size_limit", "67108864")
            .disable_statement_logging();
        let path = options.get_filename();
        file::create(path)?;
        let open = async {
            let integrity = Integrity::check(path)?;
            let tables = setup::prepare(&options).await?;
            let file = DatabaseFile::at(path)?;
            let writer = writer(&file).connect_with(options.clone()).await?;
            let readers = pool(&file)
                .max_connections(self.readers)
                .connect_with(options.clone().pragma("query_only", "1"))
                .await?;
            anyhow::Ok(Database {
                inline: InlineReaders::open(path, &file)?.into(),
                writer,
                readers,
                file,
                integrity,
                tables: tables.into(),
            })
        };
        let database = open
            .await
            .with_context(|| format!("cannot use the database {}", path.display()))?;
        Ok(Box::new(database))
    }

    fn ensure_exists(&self) -> anyhow::Result<()> {
        file::ensure_exists(self.options()?.get_filename())
    }

    async fn applied(&self) -> anyhow::Result<Vec<i64>> {
        let options = backup::options(&self.options()?);
        if !options.get_filename().exists() {
            return Ok(Vec::new());
        }
        let mut connection = options.connect().await?;
        let applied = backup::applied(&mut connection).await?;
        connection.close().await?;
        Ok(applied)
    }

    async fn back_up(&self, to: &Path) -> anyhow::Result<()> {
        backup::back_up(&backup::options(&self.options()?), to).await
    }

    async fn restore(&self, backup: &Path, replace: bool) -> anyhow::Result<Restored> {
        backup::restore(backup, &backup::options(&self.options()?), replace).await
    }
}

impl Settings {
    fn options(&self) -> anyhow::Result<SqliteConnectOptions> {
        SqliteConnectOptions::from_str(&self.url)
            .context("DATABASE_URL must be like sqlite://path/to/file.db")
    }
}

/// An open database file.
#[derive(Clone, Debug)]
struct Database {
    writer: Pool<Sqlite>,
    readers: Pool<Sqlite>,
    inline: Arc<InlineReaders>,
    file: DatabaseFile,
    integrity: Integrity,
    tables: Arc<[Table]>,
}

impl Database {
    /// Takes the write lock at once: a transaction that reads first and writes later fails without waiting when
    /// another one has committed in between (`SQLITE_BUSY_SNAPSHOT`). The file is checked under the lock too, since
    /// `latchkey migrate` renames it under the lock.
    async fn begin(&self) -> sqlx::Result<sqlx::Transaction<'static, Sqlite>> {
        self.file.check()?;
        let tx = self.writer.begin_with("BEGIN IMMEDIATE").await?;
        self.file.check()?;
        Ok(tx)
    }

    /// Copies the write-ahead log into the file, while no one writes.
    async fn merge(&self) -> sqlx::Result<()> {
        for _ in 0..MAX_MERGE_ATTEMPTS {
            // `query_only` forbids it.
            let mut connection = self.readers.acquire().await?.detach();
            sqlx::query("PRAGMA query_only = 0")
                .execute(&mut connection)
                .await?;
            let (_, written, merged): (i64, i64, i64) =
                sqlx::query_as("PRAGMA wal_checkpoint(PASSIVE)")
                    .fetch_one(&mut connection)
                    .await?;
            connection.close().await?;
            if written == merged {
                return Ok(());
            }
            // Someone still reads what was there before.
            tokio::time::sleep(MERGE_RETRY_DELAY).await;
        }
        Err(sqlx::Error::Io(io::Error::other(
            "cannot merge the write-ahead log, since another process keeps reading; end it and try again",
        )))
    }

    async fn check_tables(&self) -> sqlx::Result<()> {
        self.integrity.damage()?;
        let mut tx = self.begin().await?;
        setup::write(&mut tx).await?;
        tx.commit().await?;
        for table in &*self.tables {
            // Names from the schema, which the migrations write.
            let read = AssertSqlSafe(table.read_one());
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

    fn read_at_once(&self, query: &Query<'_>, read: &mut dyn FnMut(DbRow<'_>)) -> Option<()> {
        self.inline.first(query, read)
    }

    /// Fails also if the file was deleted or replaced.
    async fn write(&self) -> Result<Box<dyn Changes>, StorageError> {
        Ok(Box::new(self.begin().await.map_err(storage_error)?))
    }

    async fn check(&self) -> Result<(), StorageError> {
        self.check_tables().await.map_err(storage_error)
    }

    fn connections(&self) -> (u32, u32) {
        let pools = [&self.writer, &self.readers];
        let idle: usize = pools.iter().map(|pool| pool.num_idle()).sum();
        (pools.iter().map(|pool| pool.size()).sum(), idle as u32)
    }

    /// Also merges the write-ahead log into the database file.
    async fn close(&self) {
        self.integrity.stop();
        self.inline.close();
        self.readers.close().await;
        // SQLite merges with the last connection, but not while another process has the file open.
        let merge = sqlx::raw_sql("PRAGMA optimize; PRAGMA wal_checkpoint(TRUNCATE)");
        if let Err(error) = merge.execute(&self.writer).await {
            tracing::warn!(%error, "cannot merge the write-ahead log; keep it with the database file");
        }
        self.writer.close().await;
    }

    fn tables(&self) -> &[Table] {
        &self.tables
    }

    async fn snapshot(&self) -> Result<Box<dyn Changes>, StorageError> {
        let begun = self.readers.begin().await;
        Ok(Box::new(begun.map_err(storage_error)?))
    }

    async fn freeze(&self, _: &[Table]) -> Result<Box<dyn Changes>, StorageError> {
        self.write().await
    }

    /// The file is renamed: servers that still run on it notice that it is gone, and write nothing.
    async fn retire(&self, _: &[Table], frozen: Box<dyn Changes>) -> Result<(), StorageError> {
        self.merge().await.map_err(storage_error)?;
        let renamed = self.file.rename_as_moved();
        frozen.rollback().await?;
        renamed.map_err(|error| storage_error(sqlx::Error::Io(error)))
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
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .idle_timeout(None)
        .max_lifetime(None)
        .test_before_acquire(false)
        .after_connect(move |_, _| {
            let checked = file.check();
            Box::pin(async move { checked })
        })
}
