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
    row::DbRow,
    value::Value,
};

/// SQLite has one writer at a time, and no row locks.
const ROW_LOCKS: [&str; 3] = [" FOR UPDATE SKIP LOCKED", " FOR UPDATE", " FOR KEY SHARE"];

#[async_trait]
impl Statements for PoolConnection<Sqlite> {
    async fn execute(&mut self, query: Query<'_>) -> Result<u64, StorageError> {
        execute(self, query).await.map_err(storage_error)
    }

    async fn fetch(&mut self, query: Query<'_>) -> Result<Vec<DbRow>, StorageError> {
        fetch(self, query).await.map_err(storage_error)
    }

    async fn fetch_first(&mut self, query: Query<'_>) -> Result<Option<DbRow>, StorageError> {
        fetch_first(self, query).await.map_err(storage_error)
    }
}

#[async_trait]
impl Statements for Transaction<'static, Sqlite> {
    async fn execute(&mut self, query: Query<'_>) -> Result<u64, StorageError> {
        execute(self, query).await.map_err(storage_error)
    }

    async fn fetch(&mut self, query: Query<'_>) -> Result<Vec<DbRow>, StorageError> {
        fetch(self, query).await.map_err(storage_error)
    }

    async fn fetch_first(&mut self, query: Query<'_>) -> Result<Option<DbRow>, StorageError> {
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

async fn fetch(connection: &mut SqliteConnection, query: Query<'_>) -> sqlx::Result<Vec<DbRow>> {
    let rows = prepare(query).fetch_all(connection).await?;
    Ok(rows.into_iter().map(DbRow::new).collect())
}

async fn fetch_first(
    connection: &mut SqliteConnection,
    query: Query<'_>,
) -> sqlx::Result<Option<DbRow>> {
    let row = prepare(query).fetch_optional(connection).await?;
    Ok(row.map(DbRow::new))
}

fn prepare(statement: Query<'_>) -> sqlx::query::Query<'_, Sqlite, SqliteArguments> {
    let mut prepared = match without_row_locks(statement.sql) {
        Cow::Borrowed(sql) => query(sql),
        // A statement of a store, shortened, or one with names of the schema.
        Cow::Owned(sql) => query(AssertSqlSafe(sql)),
    };
    for value in statement.values {
        prepared = match value {
            Value::Text(text) => prepared.bind(text.map(Cow::into_owned)),
            Value::Integer(number) => prepared.bind(number),
        };
    }
    prepared
}

fn without_row_locks(sql: Cow<'static, str>) -> Cow<'static, str> {
    if !sql.contains(" FOR ") {
        return sql;
    }
    let mut sql = sql.into_owned();
    for lock in ROW_LOCKS {
        sql = sql.replace(lock, "");
    }
    sql.into()
}
