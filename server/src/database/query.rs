//! Statements, as stores write them: once, for every engine.

use std::borrow::Cow;

use super::{
    engine::Connection,
    error::StorageError,
    handles::{Reader, Transaction},
    row::{FromRow, OwnedRow},
    value::Value,
};

type Result<T> = std::result::Result<T, StorageError>;

/// A statement with numbered parameters (`$1`), in SQL that every engine accepts.
///
/// Locks that one engine needs may be written for all: those without row locks ignore `FOR UPDATE`,
/// `FOR UPDATE SKIP LOCKED` and `FOR KEY SHARE`.
pub fn query(sql: &'static str) -> Query<'static> {
    Query {
        sql: sql.into(),
        values: Vec::new(),
    }
}

/// A statement whose names of tables and columns come from the schema.
pub(super) fn composed(sql: String) -> Query<'static> {
    Query {
        sql: sql.into(),
        values: Vec::new(),
    }
}

/// A statement and its parameters.
#[derive(Clone, Debug)]
pub struct Query<'a> {
    pub(super) sql: Cow<'static, str>,
    pub(super) values: Vec<Value<'a>>,
}

/// Where a statement runs.
#[derive(Debug)]
pub enum On<'c> {
    Connection(&'c mut Connection),
    Reader(&'c Reader),
}

impl<'a> Query<'a> {
    /// Adds the next parameter.
    pub fn bind<'b>(self, value: impl Into<Value<'b>>) -> Query<'b>
    where
        'a: 'b,
    {
        let mut values: Vec<Value<'b>> = self.values;
        values.push(value.into());
        Query {
            sql: self.sql,
            values,
        }
    }

    /// Runs the statement; returns the number of rows that it changed.
    ///
    /// # Errors
    /// If the database is unavailable or rejects the statement.
    pub async fn execute<'c>(self, on: impl Into<On<'c>>) -> Result<u64> {
        if self.has_nul() {
            return Err(StorageError::InvalidText);
        }
        match on.into() {
            On::Connection(connection) => connection.execute(self).await,
            On::Reader(reader) => reader.0.read().await?.execute(self).await,
        }
    }

    /// All rows.
    ///
    /// # Errors
    /// As [`execute`](Self::execute), or if a row is not as expected.
    pub async fn fetch_all<'c, T: FromRow>(self, on: impl Into<On<'c>>) -> Result<Vec<T>> {
        let rows = self.fetch(on).await?;
        rows.iter().map(|row| T::from_row(&row.row())).collect()
    }

    /// The first row, if there is one. A reader may read it on the calling thread, so the statement must find it by an
    /// index.
    ///
    /// # Errors
    /// As [`fetch_all`](Self::fetch_all).
    pub async fn fetch_optional<'c, T: FromRow>(self, on: impl Into<On<'c>>) -> Result<Option<T>> {
        if self.has_nul() {
            return Ok(None);
        }
        let row = match on.into() {
            On::Connection(connection) => connection.fetch_first(self).await?,
            On::Reader(reader) => {
                let mut read = None;
                let done = reader
                    .0
                    .read_at_once(&self, &mut |row| read = Some(T::from_row(&row)));
                if done.is_some() {
                    return read.transpose();
                }
                reader.0.read().await?.fetch_first(self).await?
            }
        };
        row.map(|row| T::from_row(&row.row())).transpose()
    }

    /// The first row.
    ///
    /// # Errors
    /// As [`fetch_all`](Self::fetch_all), or if there is no row.
    pub async fn fetch_one<'c, T: FromRow>(self, on: impl Into<On<'c>>) -> Result<T> {
        let row = self.fetch_optional(on).await?;
        row.ok_or(StorageError::Failed(sqlx::Error::RowNotFound))
    }

    /// All rows, as the engine returns them.
    ///
    /// # Errors
    /// If the database is unavailable or rejects the statement.
    pub(super) async fn fetch<'c>(self, on: impl Into<On<'c>>) -> Result<Vec<OwnedRow>> {
        if self.has_nul() {
            return Ok(Vec::new());
        }
        match on.into() {
            On::Connection(connection) => connection.fetch(self).await,
            On::Reader(reader) => reader.0.read().await?.fetch(self).await,
        }
    }
}

impl Query<'_> {
    /// Whether a parameter contains the character NUL. No stored text does, so that nothing is equal to it.
    fn has_nul(&self) -> bool {
        self.values.iter().any(|value| match value {
            Value::Text(Some(text)) => text.contains('\0'),
            _ => false,
        })
    }
}

impl<'c> From<&'c mut Connection> for On<'c> {
    fn from(connection: &'c mut Connection) -> Self {
        Self::Connection(connection)
    }
}

impl<'c> From<&'c mut Transaction> for On<'c> {
    fn from(transaction: &'c mut Transaction) -> Self {
        Self::Connection(&mut *transaction.0)
    }
}

impl<'c> From<&'c Reader> for On<'c> {
    fn from(reader: &'c Reader) -> Self {
        Self::Reader(reader)
    }
}
