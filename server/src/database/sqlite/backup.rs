//! Copies of the database file, which are taken while servers write, and what takes one back.

use std::{
    fs::{self, File, OpenOptions},
    io,
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

use anyhow::{Context, bail, ensure};
use sqlx::{
    ConnectOptions, Connection as _, SqliteConnection,
    sqlite::{SqliteConnectOptions, SqliteJournalMode},
};

use crate::database::{backup::Restored, migrations};

/// The files that SQLite keeps beside a database in use.
const BESIDE: [&str; 2] = ["-wal", "-shm"];

/// Writes a copy of the database to a new file, as it is when the copy begins: with everything that was acknowledged
/// before. Servers write meanwhile.
///
/// # Errors
/// If the database cannot be read, or there is a file already, or it cannot be written.
pub(super) async fn back_up(source: &SqliteConnectOptions, to: &Path) -> anyhow::Result<()> {
    ensure!(!to.exists(), "{} is there already", to.display());
    let path = source.get_filename();
    ensure!(path.is_file(), "there is no database {}", path.display());
    let partial = with_suffix(to, ".partial");
    create(&partial)?;
    let copied = async {
        let mut connection = source.connect().await?;
        sqlx::query("VACUUM INTO $1")
            .bind(partial.to_string_lossy().into_owned())
            .execute(&mut connection)
            .await?;
        connection.close().await?;
        check(&partial).await?;
        // SQLite leaves it to the system when the copy reaches the disk.
        File::open(&partial)?.sync_all()?;
        publish(&partial, to)
    };
    let copied: anyhow::Result<()> = copied.await;
    if copied.is_err() {
        let _ = fs::remove_file(&partial);
    }
    copied.with_context(|| format!("cannot back {} up", path.display()))
}

/// Puts a backup in the place of the database. With `replace`, one that is there is kept under another name.
///
/// # Errors
/// If the backup is damaged or of a newer version, or the database is there already or in use.
pub(super) async fn restore(
    backup: &Path,
    target: &SqliteConnectOptions,
    replace: bool,
) -> anyhow::Result<Restored> {
    let path = target.get_filename();
    check(backup)
        .await
        .with_context(|| format!("cannot restore {}", backup.display()))?;
    let is_there = fs::metadata(path).is_ok_and(|metadata| metadata.len() > 0);
    if is_there {
        ensure!(
            replace,
            "there is a database {} already; with --replace, it is kept under another name",
            path.display()
        );
        ensure_unused(target).await?;
    }
    for suffix in BESIDE {
        let beside = with_suffix(path, suffix);
        ensure!(
            !beside.exists(),
            "{} belongs to a database that is in use or was lost; put it elsewhere",
            beside.display()
        );
    }
    let partial = with_suffix(path, ".partial");
    let _ = fs::remove_file(&partial);
    create(&partial)?;
    fs::copy(backup, &partial).with_context(|| format!("cannot write {}", partial.display()))?;
    File::open(&partial)?.sync_all()?;
    let former = is_there.then(|| free_name(path));
    if let Some(former) = &former {
        fs::rename(path, former)?;
    }
    publish(&partial, path)?;
    Ok(Restored { former })
}

/// Checks that a copy is whole, and that this version can use it.
async fn check(copy: &Path) -> anyhow::Result<()> {
    ensure!(copy.is_file(), "there is no file {}", copy.display());
    let options = SqliteConnectOptions::new()
        .filename(copy)
        .immutable(true)
        .read_only(true);
    let mut connection = options.connect().await?;
    let verdict: String = sqlx::query_scalar("PRAGMA integrity_check(1)")
        .fetch_one(&mut connection)
        .await
        .context("it is not a SQLite file")?;
    ensure!(verdict == "ok", "it is damaged ({verdict})");
    let orphans: Vec<(String, Option<i64>, String, i64)> =
        sqlx::query_as("PRAGMA foreign_key_check")
            .fetch_all(&mut connection)
            .await?;
    ensure!(
        orphans.is_empty(),
        "it is damaged (rows refer to missing ones)"
    );
    let applied = applied(&mut connection).await?;
    ensure!(!applied.is_empty(), "it is no database of Latchkey");
    ensure!(
        migrations::unknown(&applied).is_empty(),
        "it is of a newer version; restore it with that one"
    );
    Ok(connection.close().await?)
}

/// The versions of the migrations that a database has; none if it has no schema.
pub(super) async fn applied(connection: &mut SqliteConnection) -> anyhow::Result<Vec<i64>> {
    let table: i64 = sqlx::query_scalar(
        "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = '_sqlx_migrations'",
    )
    .fetch_one(&mut *connection)
    .await?;
    if table == 0 {
        return Ok(Vec::new());
    }
    Ok(
        sqlx::query_scalar("SELECT version FROM _sqlx_migrations ORDER BY version")
            .fetch_all(connection)
            .await?,
    )
}

/// Checks that no other process has the database open, and merges its write-ahead log: without one, SQLite lets
/// only one connection be open that leaves the log.
async fn ensure_unused(target: &SqliteConnectOptions) -> anyhow::Result<()> {
    let path = target.get_filename().display();
    let alone = async {
        let mut connection = target.clone().connect().await?;
        let mode: String = sqlx::query_scalar("PRAGMA journal_mode = DELETE")
            .fetch_one(&mut connection)
            .await?;
        connection.close().await?;
        Ok::<bool, sqlx::Error>(mode == "delete")
    };
    match alone.await {
        Ok(true) => Ok(()),
        _ => {
            bail!("{path} is in use or damaged; stop the server first, or put the files elsewhere")
        }
    }
}

/// How the commands of this module open the database: without creating or changing it.
pub(super) fn options(settings: &SqliteConnectOptions) -> SqliteConnectOptions {
    settings
        .clone()
        .create_if_missing(false)
        .busy_timeout(super::LOCK_TIMEOUT)
        .journal_mode(SqliteJournalMode::Wal)
        .disable_statement_logging()
}

fn create(path: &Path) -> anyhow::Result<()> {
    OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .with_context(|| format!("cannot create {}", path.display()))?;
    Ok(())
}

/// Gives a complete file its name, so that no one finds an incomplete one there.
fn publish(complete: &Path, path: &Path) -> anyhow::Result<()> {
    fs::rename(complete, path)?;
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    Ok(sync_folder(folder.unwrap_or(Path::new(".")))?)
}

fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

/// A name for the file that a backup replaces.
fn free_name(path: &Path) -> PathBuf {
    let mut number = 1;
    loop {
        let name = with_suffix(path, &format!(".replaced-{number}"));
        if !name.exists() {
            return name;
        }
        number += 1;
    }
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}
