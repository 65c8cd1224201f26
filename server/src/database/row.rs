//! Rows that a query returns.

use std::fmt;

use serde::de::DeserializeOwned;
use sqlx::{ColumnIndex, Decode, Type, error::BoxDynError};

use super::error::StorageError;
use crate::clock::Timestamp;

type Result<T> = std::result::Result<T, StorageError>;

/// A row, of any engine.
#[derive(Clone, Copy)]
pub struct DbRow<'r>(&'r dyn Columns);

/// A row that outlives its statement.
pub struct OwnedRow(Box<dyn Columns + Send>);

/// A column, by its name or its position.
#[derive(Clone, Copy, Debug)]
pub enum Column<'a> {
    Name(&'a str),
    Position(usize),
}

/// What is read from a row.
pub trait FromRow: Sized {
    /// # Errors
    /// If a column is missing or has another type.
    fn from_row(row: &DbRow) -> Result<Self>;
}

/// What is read from one column.
pub trait FromColumn: Sized {
    /// # Errors
    /// If the column is missing, has another type, or is NULL and must not be.
    fn from_column(row: &DbRow, column: Column<'_>) -> Result<Self>;
}

/// A value that is stored as JSON in a `TEXT` column.
#[derive(Clone, Copy, Debug)]
pub struct Json<T>(pub T);

impl<'r> DbRow<'r> {
    pub(super) fn new(row: &'r dyn Columns) -> Self {
        Self(row)
    }

    /// The value of a column.
    ///
    /// # Errors
    /// As [`FromColumn::from_column`].
    pub fn get<T: FromColumn>(&self, column: &str) -> Result<T> {
        T::from_column(self, Column::Name(column))
    }
}

impl OwnedRow {
    pub(super) fn new(row: impl Columns + Send + 'static) -> Self {
        Self(Box::new(row))
    }

    /// The row, to be read.
    pub(super) fn row(&self) -> DbRow<'_> {
        DbRow(&*self.0)
    }
}

impl fmt::Debug for DbRow<'_> {
    /// Without the values, some of which are secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DbRow")
    }
}

impl fmt::Debug for OwnedRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.row().fmt(f)
    }
}

/// The columns of an engine's row; `None` is NULL.
pub(super) trait Columns {
    fn text(&self, column: Column<'_>) -> sqlx::Result<Option<String>>;
    fn integer(&self, column: Column<'_>) -> sqlx::Result<Option<i64>>;
    fn boolean(&self, column: Column<'_>) -> sqlx::Result<Option<bool>>;
}

impl<R> Columns for R
where
    R: sqlx::Row,
    for<'c> &'c str: ColumnIndex<R>,
    usize: ColumnIndex<R>,
    for<'r> String: Decode<'r, R::Database> + Type<R::Database>,
    for<'r> i64: Decode<'r, R::Database> + Type<R::Database>,
    for<'r> bool: Decode<'r, R::Database> + Type<R::Database>,
{
    fn text(&self, column: Column<'_>) -> sqlx::Result<Option<String>> {
        value(self, column)
    }

    fn integer(&self, column: Column<'_>) -> sqlx::Result<Option<i64>> {
        value(self, column)
    }

    fn boolean(&self, column: Column<'_>) -> sqlx::Result<Option<bool>> {
        value(self, column)
    }
}

fn value<R, T>(row: &R, column: Column<'_>) -> sqlx::Result<Option<T>>
where
    R: sqlx::Row,
    for<'c> &'c str: ColumnIndex<R>,
    usize: ColumnIndex<R>,
    for<'r> T: Decode<'r, R::Database> + Type<R::Database>,
{
    match column {
        Column::Name(name) => row.try_get(name),
        Column::Position(position) => row.try_get(position),
    }
}

impl FromColumn for Option<String> {
    fn from_column(row: &DbRow, column: Column<'_>) -> Result<Self> {
        row.0.text(column).map_err(StorageError::Failed)
    }
}

impl FromColumn for Option<i64> {
    fn from_column(row: &DbRow, column: Column<'_>) -> Result<Self> {
        row.0.integer(column).map_err(StorageError::Failed)
    }
}

impl FromColumn for String {
    fn from_column(row: &DbRow, column: Column<'_>) -> Result<Self> {
        required(FromColumn::from_column(row, column)?, column)
    }
}

impl FromColumn for i64 {
    fn from_column(row: &DbRow, column: Column<'_>) -> Result<Self> {
        required(FromColumn::from_column(row, column)?, column)
    }
}

impl FromColumn for bool {
    fn from_column(row: &DbRow, column: Column<'_>) -> Result<Self> {
        let value = row.0.boolean(column).map_err(StorageError::Failed)?;
        required(value, column)
    }
}

impl FromColumn for Timestamp {
    fn from_column(row: &DbRow, column: Column<'_>) -> Result<Self> {
        i64::from_column(row, column).map(Self)
    }
}

impl FromColumn for Option<Timestamp> {
    fn from_column(row: &DbRow, column: Column<'_>) -> Result<Self> {
        let millis = Option::<i64>::from_column(row, column)?;
        Ok(millis.map(Timestamp))
    }
}

impl<T: DeserializeOwned> FromColumn for Option<Json<T>> {
    fn from_column(row: &DbRow, column: Column<'_>) -> Result<Self> {
        let text: Option<String> = FromColumn::from_column(row, column)?;
        let value = text.map(|text| serde_json::from_str(&text)).transpose();
        Ok(value.map_err(|error| undecodable(column, error))?.map(Json))
    }
}

impl<T: DeserializeOwned> FromColumn for Json<T> {
    fn from_column(row: &DbRow, column: Column<'_>) -> Result<Self> {
        required(FromColumn::from_column(row, column)?, column)
    }
}

fn required<T>(value: Option<T>, column: Column<'_>) -> Result<T> {
    value.ok_or_else(|| undecodable(column, "it is NULL"))
}

fn undecodable(column: Column<'_>, reason: impl Into<BoxDynError>) -> StorageError {
    StorageError::Failed(sqlx::Error::ColumnDecode {
        index: format!("{column:?}"),
        source: reason.into(),
    })
}

/// The first column.
impl<T: FromColumn> FromRow for T {
    fn from_row(row: &DbRow) -> Result<Self> {
        T::from_column(row, Column::Position(0))
    }
}

impl<A: FromColumn, B: FromColumn> FromRow for (A, B) {
    fn from_row(row: &DbRow) -> Result<Self> {
        let second = B::from_column(row, Column::Position(1))?;
        Ok((A::from_row(row)?, second))
    }
}

impl<A: FromColumn, B: FromColumn, C: FromColumn> FromRow for (A, B, C) {
    fn from_row(row: &DbRow) -> Result<Self> {
        let (a, b) = FromRow::from_row(row)?;
        Ok((a, b, C::from_column(row, Column::Position(2))?))
    }
}
