//! Makes the rows of all tables of the target those of the source, and compares them.

use anyhow::{Result, bail};

use super::{
    Copied, Progress, Report,
    rows::{self, Key, Row, fingerprint, page, with_keys},
};
use crate::database::{
    engine::{Changes, Connection, Engine},
    schema::Table,
};

/// Where rows are written.
pub(super) enum Target<'e> {
    /// Each page is kept at once.
    Living(&'e dyn Engine, Box<dyn Changes>),
    /// All or nothing is kept.
    Frozen(Box<dyn Changes>),
}

impl<'e> Target<'e> {
    pub(super) async fn living(engine: &'e dyn Engine) -> Result<Self> {
        Ok(Self::Living(engine, engine.write().await?))
    }

    fn connection(&mut self) -> &mut Connection {
        match self {
            Self::Living(_, tx) | Self::Frozen(tx) => &mut **tx,
        }
    }

    async fn keep_page(self) -> Result<Self> {
        match self {
            Self::Living(engine, tx) => {
                tx.commit().await?;
                Self::living(engine).await
            }
            Self::Frozen(_) => Ok(self),
        }
    }

    pub(super) fn into_transaction(self) -> Box<dyn Changes> {
        match self {
            Self::Living(_, tx) | Self::Frozen(tx) => tx,
        }
    }
}

/// Deletes from all tables what the source does not have, and then inserts what the target lacks. In this order, no
/// insertion meets a row that is in its way, and none lacks a row that it refers to.
pub(super) async fn copy<'e>(
    source: &mut Connection,
    mut target: Target<'e>,
    tables: &[Table],
    progress: &mut Report<'_>,
) -> Result<Target<'e>> {
    for table in tables {
        let mut last = None;
        loop {
            let there = page(target.connection(), table, last.as_ref()).await?;
            delete_others(source, target.connection(), table, &there).await?;
            target = target.keep_page().await?;
            let Some(row) = there.into_iter().next_back() else {
                break;
            };
            last = Some(row.key);
        }
    }
    for table in tables {
        let (mut last, mut rows) = (None, 0);
        loop {
            let here = page(source, table, last.as_ref()).await?;
            insert_missing(target.connection(), table, &here).await?;
            target = target.keep_page().await?;
            rows += here.len() as u64;
            progress(Progress::Rows {
                table: &table.name,
                rows,
            });
            let Some(row) = here.into_iter().next_back() else {
                break;
            };
            last = Some(row.key);
        }
    }
    Ok(target)
}

async fn delete_others(
    source: &mut Connection,
    target: &mut Connection,
    table: &Table,
    there: &[Row],
) -> Result<()> {
    let keys: Vec<&Key> = there.iter().map(|row| &row.key).collect();
    let here = with_keys(source, table, &keys).await?;
    let others = there.iter().filter(|row| here.get(&row.key) != Some(*row));
    let others: Vec<&Key> = others.map(|row| &row.key).collect();
    rows::delete(target, table, &others).await
}

async fn insert_missing(target: &mut Connection, table: &Table, here: &[Row]) -> Result<()> {
    let keys: Vec<&Key> = here.iter().map(|row| &row.key).collect();
    let there = with_keys(target, table, &keys).await?;
    let missing: Vec<&Row> = here
        .iter()
        .filter(|row| !there.contains_key(&row.key))
        .collect();
    rows::insert(target, table, &missing).await
}

/// Checks that the rows of all tables are the same.
///
/// # Errors
/// If they are not, which names the table.
pub(super) async fn compare(
    source: &mut Connection,
    target: &mut Connection,
    tables: &[Table],
) -> Result<Vec<Copied>> {
    let mut copied = Vec::new();
    for table in tables {
        let here = fingerprint(source, table).await?;
        let there = fingerprint(target, table).await?;
        if here != there {
            bail!(
                "{} is not the same in both databases ({} rows {here}, {} rows {there}); is a server running on the \
                 target? Stop it and run the same command again",
                table.name,
                here.rows,
                there.rows
            );
        }
        copied.push(Copied {
            table: table.name.clone(),
            rows: here.rows,
            hash: here.to_string(),
        });
    }
    Ok(copied)
}
