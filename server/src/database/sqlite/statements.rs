//! Runs the stores' statements on SQLite.

use std::borrow::Cow;

use async_trait::async_trait;
use sqlx::{
    AssertSqlSafe, Sqlite, SqliteConnection, Transaction, pool::PoolConnection, query,
    sqlite::SqliteArguments,
};

use super::error::storage_error;
use crate::database::{
    engine::{Changes, Statements},
    error::StorageError,
    query::Query,
    row::OwnedRow,
    value::Value,
};

/// SQLite has one writer at a time, and no row locks.
const ROW_LOCKS: [&str; 3] = [" FOR UPDATE SKIP LOCKED", " FOR UPDATE", " FOR KEY SHARE"];

#[async_trait]
impl Statements for PoolConnection<Sqlite> {
    async fn execute(&mut self, query: Query<'_>) -> Result<u64, StorageError> {
        execute(self, query).await.map_err(storage_error)
    }

    async fn fetch(&mut self, query: Query<'_>) -> Result<Vec<OwnedRow>, StorageError> {
        fetch(self, query).await.map_err(storage_error)
    }

    async fn fetch_first(&mut self, query: Query<'_>) -> Result<Option<OwnedRow>, StorageError> {
        fetch_first(self, query).await.map_err(storage_error)
    }
}

#[async_trait]
impl Statements for Transaction<'static, Sqlite> {
    async fn execute(&mut self, query: Query<'_>) -> Result<u64, StorageError> {
        execute(self, query).await.map_err(storage_error)
    }

    async fn fetch(&mut self, query: Query<'_>) -> Result<Vec<OwnedRow>, StorageError> {
        fetch(self, query).await.map_err(storage_error)
    }

    async fn fetch_first(&mut self, query: Query<'_>) -> Result<Option<OwnedRow>, StorageError> {
        fetch_first(self, query).await.map_err(storage_error)
    }
}

#[async_trait]
impl Changes for Transaction<'static, Sqlite> {
    async fn commit(self: Box<Self>) -> Result<(), StorageError> {
        Transaction::commit(*self).await.map_err(storage_error)
    }

    async fn rollback(self: Box<Self>) -> Result<(), StorageError> {
        Transaction::rollback(*self).await.map_err(storage_error)
    }
}

async fn execute(connection: &mut SqliteConnection, query: Query<'_>) -> sqlx::Result<u64> {
    let done = prepare(query).execute(connection).await?;
    Ok(done.rows_affected())
}

async fn fetch(connection: &mut SqliteConnection, query: Query<'_>) -> sqlx::Result<Vec<OwnedRow>> {
    let rows = prepare(query).fetch_all(connection).await?;
    Ok(rows.into_iter().map(OwnedRow::new).collect())
}

async fn fetch_first(
    connection: &mut SqliteConnection,
    query: Query<'_>,
) -> sqlx::Result<Option<OwnedRow>> {
    let row = prepare(query).fetch_optional(connection).await?;
    Ok(row.map(OwnedRow::new))
}

fn prepare(statement: Query<'_>) -> sqlx::query::Query<'_, Sqlite, SqliteArguments> {
    let mut prepared = match &statement.sql {
        Cow::Borrowed(sql) if !has_row_locks(sql) => query(*sql),
        // A statement of a store, shortened, or one with names of the schema.
        sql => query(AssertSqlSafe(without_row_locks(sql).into_owned())),
    };
    for value in statement.values {
        prepared = match value {
            Value::Text(text) => prepared.bind(text.map(Cow::into_owned)),
            Value::Integer(number) => prepared.bind(number),
        };
    }
    prepared
}

pub(super) fn without_row_locks(sql: &str) -> Cow<'_, str> {
    if !has_row_locks(sql) {
        return sql.into();
    }
    let shorten = |sql: String, lock: &&str| sql.replace(lock, "");
    ROW_LOCKS.iter().fold(sql.to_owned(), shorten).into()
}

fn has_row_locks(sql: &str) -> bool {
    sql.contains(" FOR ")
}
