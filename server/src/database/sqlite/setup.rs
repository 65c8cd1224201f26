//! What happens to the database before the server uses it: permissions and schema are checked, on a connection of its
//! own.

use std::time::{Duration, Instant};

use anyhow::Context;
use sqlx::{Connection as _, SqliteConnection, sqlite::SqliteConnectOptions};
use tokio::time::sleep;

use super::tables::tables;
use crate::database::{migrations, schema::Table};

/// How long a start waits for another one that migrates the same file.
pub(super) const LOCK_TIMEOUT: Duration = Duration::from_secs(30);

/// SQLite's code of a file that is locked, and the pause until the next attempt.
const BUSY: &str = "5";
const RETRY_DELAY: Duration = Duration::from_millis(20);

/// Migrates the schema, and proves that the database can be written. Returns its tables.
///
/// # Errors
/// If it was written by a newer version, or cannot be read or written.
pub(super) async fn prepare(options: &SqliteConnectOptions) -> anyhow::Result<Vec<Table>> {
    let options = options.clone().busy_timeout(LOCK_TIMEOUT);
    let mut connection = connect(&options)
        .await
        .context("cannot read it; is it a SQLite file, and may the server write to its folder?")?;
    migrate(&mut connection).await?;
    let tables = tables(&mut connection).await?;
    connection.close().await?;
    Ok(tables)
}

/// Connects. When two servers switch a new file to the write-ahead log at once, SQLite does not let one wait for the
/// other, but tells it at once that the file is locked.
async fn connect(options: &SqliteConnectOptions) -> sqlx::Result<SqliteConnection> {
    let began = Instant::now();
    loop {
        match SqliteConnection::connect_with(options).await {
            Err(sqlx::Error::Database(error))
                if error.code().as_deref() == Some(BUSY) && began.elapsed() < LOCK_TIMEOUT =>
            {
                sleep(RETRY_DELAY).await;
            }
            connected => return connected,
        }
    }
}

/// Migrates under the write lock, so that one of two servers that start together waits for the other, and
/// either all migrations take effect or none.
async fn migrate(connection: &mut SqliteConnection) -> anyhow::Result<()> {
    let mut tx = connection
        .begin_with("BEGIN IMMEDIATE")
        .await
        .context("cannot write to it; the server needs write access to the file and its folder")?;
    migrations::migrator()
        .run_direct(None, &mut *tx, false)
        .await
        .context("cannot migrate it")?;
    write(&mut tx)
        .await
        .context("cannot write to it; is the disk full?")?;
    tx.commit()
        .await
        .context("cannot write to it; is the disk full?")
}

/// Writes a number that nothing reads. SQLite writes it even if it does not change.
pub(super) async fn write(connection: &mut SqliteConnection) -> sqlx::Result<()> {
    sqlx::query("PRAGMA user_version = 1")
        .execute(connection)
        .await?;
    Ok(())
}
