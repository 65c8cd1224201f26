//! Reads and writes the rows of any table, a page at a time.

use std::{collections::HashMap, fmt};

use anyhow::{Context, Result, bail};
use sha2::{Digest, Sha256};

use crate::database::{
    engine::Connection,
    query::{Query, composed},
    row::{Column, DbRow, FromColumn},
    schema::{Kind, Table, quoted},
    value::Value,
};

/// The number of rows that are compared or written at once.
const PAGE: usize = 500;

/// The values of the primary key's columns.
pub(super) type Key = Vec<Value<'static>>;

/// A row: its key, and the values of all columns in the order of the table's description.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) key: Key,
    values: Vec<Value<'static>>,
}

/// The next page of rows after a key, in the order of the engine.
pub(super) async fn page(
    on: &mut Connection,
    table: &Table,
    after: Option<&Key>,
) -> Result<Vec<Row>> {
    let (columns, key, name) = (columns(table), key_columns(table), table.quoted());
    let condition = after.map_or_else(String::new, |after| {
        format!("WHERE ({key}) > {}", placeholders(0, after.len()))
    });
    let sql = format!("SELECT {columns} FROM {name} {condition} ORDER BY {key} LIMIT {PAGE}");
    read(on, table, bind(sql, after.into_iter().flatten())).await
}

/// The rows with these keys.
pub(super) async fn with_keys(
    on: &mut Connection,
    table: &Table,
    keys: &[&Key],
) -> Result<HashMap<Key, Row>> {
    if keys.is_empty() {
        return Ok(HashMap::new());
    }
    let (columns, name) = (columns(table), table.quoted());
    let sql = format!(
        "SELECT {columns} FROM {name} WHERE {}",
        is_one_of(table, keys)
    );
    let rows = read(on, table, bind(sql, keys.iter().copied().flatten())).await?;
    Ok(rows.into_iter().map(|row| (row.key.clone(), row)).collect())
}

/// Deletes the rows with these keys.
pub(super) async fn delete(on: &mut Connection, table: &Table, keys: &[&Key]) -> Result<()> {
    if keys.is_empty() {
        return Ok(());
    }
    let sql = format!(
        "DELETE FROM {} WHERE {}",
        table.quoted(),
        is_one_of(table, keys)
    );
    let query = bind(sql, keys.iter().copied().flatten());
    query
        .execute(on)
        .await
        .with_context(|| format!("cannot delete rows of {}", table.name))?;
    Ok(())
}

/// Inserts rows.
pub(super) async fn insert(on: &mut Connection, table: &Table, rows: &[&Row]) -> Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let sql = format!(
        "INSERT INTO {} ({}) VALUES {}",
        table.quoted(),
        columns(table),
        lists(rows.len(), table.columns.len())
    );
    let query = bind(sql, rows.iter().flat_map(|row| &row.values));
    query
        .execute(on)
        .await
        .with_context(|| format!("cannot insert rows of {}", table.name))?;
    Ok(())
}

/// The number of rows.
pub(super) async fn count(on: &mut Connection, table: &Table) -> Result<u64> {
    let counting = composed(format!("SELECT COUNT(*) FROM {}", table.quoted()));
    let count: i64 = counting.fetch_one(on).await?;
    Ok(count.unsigned_abs())
}

/// How many rows a table has, and a hash of all of them, whatever their order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Fingerprint {
    pub(super) rows: u64,
    sum: u128,
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.sum)
    }
}

/// Reads a whole table.
pub(super) async fn fingerprint(on: &mut Connection, table: &Table) -> Result<Fingerprint> {
    let mut fingerprint = Fingerprint::default();
    let mut last = None;
    loop {
        let rows = page(on, table, last.as_ref()).await?;
        for row in &rows {
            fingerprint.rows += 1;
            fingerprint.sum = fingerprint.sum.wrapping_add(row.hash());
        }
        match rows.into_iter().next_back() {
            Some(row) => last = Some(row.key),
            None => break,
        }
    }
    // SQLite lets a key be NULL, and NULL comes after nothing.
    if count(on, table).await? != fingerprint.rows {
        bail!(
            "{} has rows whose key is NULL; give them one or delete them",
            table.name
        );
    }
    Ok(fingerprint)
}

impl Row {
    /// # Errors
    /// If a value is not of its column's kind, or is a text with the character NUL.
    fn read(row: &DbRow, table: &Table) -> Result<Self> {
        let mut values = Vec::with_capacity(table.columns.len());
        let mut unreadable = None;
        for (position, column) in table.columns.iter().enumerate() {
            let at = Column::Position(position);
            let value = match column.kind {
                Kind::Integer => FromColumn::from_column(row, at).map(Value::Integer),
                Kind::Text | Kind::Other => Option::<String>::from_column(row, at)
                    .map(|text| Value::Text(text.map(Into::into))),
            };
            let problem = match &value {
                Err(error) => Some(error.to_string()),
                Ok(Value::Text(Some(text))) if text.contains('\0') => {
                    Some("contains the character NUL, which PostgreSQL cannot store".to_owned())
                }
                Ok(_) => None,
            };
            unreadable = unreadable.or(problem.map(|problem| (&column.name, problem)));
            values.push(value.unwrap_or(Value::Text(None)));
        }
        let of_key = |name: &String| {
            let position = table.column_names().position(|column| column == name)?;
            values.get(position).cloned()
        };
        let key: Key = table.key.iter().filter_map(of_key).collect();
        if let Some((column, problem)) = unreadable {
            bail!(
                "in {}, the row {} has in {column} a value that {problem}",
                table.name,
                shown(&key)
            );
        }
        Ok(Self { key, values })
    }

    fn hash(&self) -> u128 {
        let mut hash = Sha256::new();
        for value in &self.values {
            match value {
                Value::Text(None) | Value::Integer(None) => hash.update([0]),
                Value::Text(Some(text)) => {
                    hash.update([1]);
                    hash.update(text.len().to_le_bytes());
                    hash.update(text.as_bytes());
                }
                Value::Integer(Some(number)) => {
                    hash.update([2]);
                    hash.update(number.to_le_bytes());
                }
            }
        }
        let hash: [u8; 32] = hash.finalize().into();
        let (half, _) = hash.split_first_chunk().unwrap_or((&[0; 16], &[]));
        u128::from_be_bytes(*half)
    }
}

async fn read(on: &mut Connection, table: &Table, query: Query<'_>) -> Result<Vec<Row>> {
    let rows = query.fetch(on).await;
    let rows = rows.with_context(|| format!("cannot read {}", table.name))?;
    rows.iter()
        .map(|row| Row::read(&row.row(), table))
        .collect()
}

fn bind<'v>(sql: String, values: impl Iterator<Item = &'v Value<'static>>) -> Query<'static> {
    values.fold(composed(sql), |query, value| query.bind(value.clone()))
}

fn is_one_of(table: &Table, keys: &[&Key]) -> String {
    let lists = lists(keys.len(), table.key.len());
    format!("({}) IN (VALUES {lists})", key_columns(table))
}

/// `count` lists of `width` parameters.
fn lists(count: usize, width: usize) -> String {
    let lists: Vec<String> = (0..count).map(|i| placeholders(i * width, width)).collect();
    lists.join(", ")
}

fn placeholders(first: usize, count: usize) -> String {
    let names: Vec<String> = (first + 1..=first + count)
        .map(|number| format!("${number}"))
        .collect();
    format!("({})", names.join(", "))
}

fn columns(table: &Table) -> String {
    let names: Vec<String> = table.column_names().map(quoted).collect();
    names.join(", ")
}

fn key_columns(table: &Table) -> String {
    let names: Vec<String> = table.key.iter().map(|name| quoted(name)).collect();
    names.join(", ")
}

fn shown(key: &Key) -> String {
    let values: Vec<String> = key
        .iter()
        .map(|value| match value {
            Value::Text(text) => format!("{:?}", text.as_deref().unwrap_or_default()),
            Value::Integer(number) => number.unwrap_or_default().to_string(),
        })
        .collect();
    values.join(", ")
}
