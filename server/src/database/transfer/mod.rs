//! Moves a deployment to another database, of the same engine or another, while servers run on the first one.
//!
//! First, everything is copied as it was at one moment, and each page of rows is kept as soon as it is copied, so that an
//! interrupted move goes on. Then the source is frozen for writes; in one transaction, what has changed since is copied,
//! everything is compared, and the source is retired.

mod copy;
mod marks;
mod rows;

use std::fmt;

use anyhow::{Context, Result, ensure};
use secrecy::{ExposeSecret, SecretString};

use super::{
    config::DatabaseConfig,
    engine::{Changes, Connection, Engine},
    error::StorageError,
    query::composed,
    schema::{Kind, Table},
};
use crate::config::Source;
use copy::{Target, compare, copy};
use marks::{UNFINISHED, has};
use rows::count;

pub(super) use marks::{MOVED, ensure_in_use};

/// How often the move tries to freeze a database in which others hold locks.
const MAX_FREEZE_ATTEMPTS: u32 = 10;

/// What a move has done.
#[derive(Debug)]
pub struct Moved {
    pub tables: Vec<Copied>,
    /// Tables of the source that are not ours.
    pub unknown: Vec<String>,
}

/// A table that is the same in both databases.
#[derive(Debug, PartialEq, Eq)]
pub struct Copied {
    pub table: String,
    pub rows: u64,
    /// The hash of all its rows.
    pub hash: String,
}

/// Is told how far a move is.
pub type Report<'a> = dyn FnMut(Progress<'_>) + Send + 'a;

/// How far a move is.
#[derive(Debug, PartialEq, Eq)]
pub enum Progress<'a> {
    /// Rows of a table have been compared, and copied if they differed.
    Rows { table: &'a str, rows: u64 },
    /// From now on, servers cannot write to the source.
    Frozen,
    /// The contents of both databases are compared.
    Comparing,
}

impl fmt::Display for Progress<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rows { table, rows } => write!(f, "{table}: {rows} rows"),
            Self::Frozen => {
                f.write_str("no one can write to the source from now on; copying what has changed")
            }
            Self::Comparing => f.write_str("comparing"),
        }
    }
}

/// Moves the deployment from one database to another, given by their URLs. Afterwards, servers can write only to the
/// second one.
///
/// # Errors
/// If a database cannot be used, the target has data of its own, or something cannot be copied. Then the source is as
/// before, and no server starts on the target until the move has been run again.
pub async fn move_deployment(
    from: &SecretString,
    to: &SecretString,
    progress: &mut Report<'_>,
) -> Result<Moved> {
    let (from, to) = (config(from, "--from")?, config(to, "--to")?);
    from.ensure_exists().context("--from")?;
    let source = from.open_engine().await.context("--from")?;
    let target = to.open_engine().await.context("--to")?;
    let moved = run(&*source, &*target, progress).await;
    source.close().await;
    target.close().await;
    moved
}

fn config(url: &SecretString, option: &'static str) -> Result<DatabaseConfig> {
    let source = Source::new([("DATABASE_URL".to_owned(), url.expose_secret().to_owned())]);
    let config = DatabaseConfig::from_source(&source);
    source.finish(config).context(option)
}

async fn run(source: &dyn Engine, target: &dyn Engine, progress: &mut Report<'_>) -> Result<Moved> {
    let is_retired = check_marks(source, target)?;
    let (tables, unknown) = common(source.tables(), target.tables())?;
    if !has(target.tables(), UNFINISHED) {
        mark(target, &tables).await?;
    }
    let mut snapshot = source.snapshot().await?;
    copy(
        &mut *snapshot,
        Target::living(target).await?,
        &tables,
        progress,
    )
    .await?;
    snapshot.rollback().await?;

    let mut frozen = freeze(source, &tables)
        .await
        .context("cannot freeze the source")?;
    progress(Progress::Frozen);
    let last = freeze(target, &tables)
        .await
        .context("cannot freeze the target")?;
    let mut last = copy(&mut *frozen, Target::Frozen(last), &tables, &mut |_| {})
        .await?
        .into_transaction();
    progress(Progress::Comparing);
    let copied = compare(&mut *frozen, &mut *last, &tables).await?;
    let connection: &mut Connection = &mut *last;
    composed(format!("DROP TABLE {UNFINISHED}"))
        .execute(connection)
        .await?;
    // Before the commit, since what is written to the source after the commit would be lost.
    if is_retired {
        frozen.rollback().await?;
    } else {
        source
            .retire(&tables, frozen)
            .await
            .context("cannot retire the source")?;
    }
    last.commit().await.context(
        "the very last step failed, so that servers start on neither database; run the same command again",
    )?;
    Ok(Moved {
        tables: copied,
        unknown,
    })
}

/// Returns whether the source has been retired by a move that was interrupted in its very last step.
fn check_marks(source: &dyn Engine, target: &dyn Engine) -> Result<bool> {
    let (source, target) = (source.tables(), target.tables());
    let is_retired = has(source, MOVED);
    ensure!(
        !has(source, UNFINISHED),
        "a move to the source has not ended"
    );
    ensure!(
        !has(target, MOVED),
        "a deployment has moved away from the target; use an empty database"
    );
    ensure!(
        !is_retired || has(target, UNFINISHED),
        "the deployment has moved away from the source"
    );
    Ok(is_retired)
}

/// The tables that both databases have, as the source describes them, and the names of those that only the source has.
/// Both have the schema of this version, so that the latter are not ours.
fn common(source: &[Table], target: &[Table]) -> Result<(Vec<Table>, Vec<String>)> {
    let (mut tables, mut unknown) = (Vec::new(), Vec::new());
    for table in source.iter().filter(|table| table.name != MOVED) {
        let Some(other) = target.iter().find(|other| other.name == table.name) else {
            unknown.push(table.name.clone());
            continue;
        };
        let is_same = table.key == other.key
            && table.columns.len() == other.columns.len()
            && table
                .columns
                .iter()
                .all(|column| other.columns.contains(column));
        ensure!(
            is_same,
            "the table {} has other columns in the target",
            table.name
        );
        let is_movable = table
            .columns
            .iter()
            .all(|column| column.kind != Kind::Other);
        ensure!(
            is_movable && !table.key.is_empty(),
            "the table {} needs a primary key, and columns of the types TEXT and BIGINT alone",
            table.name
        );
        tables.push(table.clone());
    }
    Ok((tables, unknown))
}

/// Marks the target, if it is empty.
async fn mark(target: &dyn Engine, tables: &[Table]) -> Result<()> {
    let mut tx = freeze(target, tables)
        .await
        .context("cannot freeze the target")?;
    for table in tables {
        ensure!(
            count(&mut *tx, table).await? == 0,
            "the target is not empty, but has rows in {}; use an empty database",
            table.name
        );
    }
    let connection: &mut Connection = &mut *tx;
    let mark = composed(format!("CREATE TABLE {UNFINISHED} (id BIGINT PRIMARY KEY)"));
    mark.execute(connection).await?;
    Ok(tx.commit().await?)
}

async fn freeze(engine: &dyn Engine, tables: &[Table]) -> Result<Box<dyn Changes>, StorageError> {
    let mut tries = 1;
    loop {
        match engine.freeze(tables).await {
            Err(StorageError::Unavailable(_)) if tries < MAX_FREEZE_ATTEMPTS => tries += 1,
            frozen => return frozen,
        }
    }
}
