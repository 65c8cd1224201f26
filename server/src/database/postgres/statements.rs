//! Runs the stores' statements on PostgreSQL.

use std::{borrow::Cow, fmt, ops::DerefMut};

use async_trait::async_trait;
use sqlx::{AssertSqlSafe, PgConnection, Postgres, Transaction, postgres::PgArguments, query};

use super::error::storage_error;
use crate::database::{
    engine::{Changes, Statements},
    error::StorageError,
    query::Query,
    row::DbRow,
    value::Value,
};

/// A connection or transaction, which may go through a pooler.
pub(super) struct Pooled<C> {
    pub(super) connection: C,
    pub(super) pooler: bool,
}

impl<C> fmt::Debug for Pooled<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pooled")
            .field("pooler", &self.pooler)
            .finish_non_exhaustive()
    }
}

#[async_trait]
impl<C: DerefMut<Target = PgConnection> + Send> Statements for Pooled<C> {
    async fn execute(&mut self, query: Query<'_>) -> Result<u64, StorageError> {
        let query = prepare(query, self.pooler);
        let done = query.execute(&mut *self.connection).await;
        Ok(done.map_err(storage_error)?.rows_affected())
    }

    async fn fetch(&mut self, query: Query<'_>) -> Result<Vec<DbRow>, StorageError> {
        let query = prepare(query, self.pooler);
        let rows = query.fetch_all(&mut *self.connection).await;
        let rows = rows.map_err(storage_error)?;
        Ok(rows.into_iter().map(DbRow::new).collect())
    }

    async fn fetch_first(&mut self, query: Query<'_>) -> Result<Option<DbRow>, StorageError> {
        let query = prepare(query, self.pooler);
        let row = query.fetch_optional(&mut *self.connection).await;
        Ok(row.map_err(storage_error)?.map(DbRow::new))
    }
}

#[async_trait]
impl Changes for Pooled<Transaction<'static, Postgres>> {
    async fn commit(self: Box<Self>) -> Result<(), StorageError> {
        self.connection.commit().await.map_err(storage_error)
    }

    async fn rollback(self: Box<Self>) -> Result<(), StorageError> {
        self.connection.rollback().await.map_err(storage_error)
    }
}

/// Prepared statements stay prepared on their connection, unless a pooler lends it to other clients.
fn prepare(statement: Query<'_>, pooler: bool) -> sqlx::query::Query<'_, Postgres, PgArguments> {
    let prepared = match statement.sql {
        Cow::Borrowed(sql) => query(sql),
        Cow::Owned(sql) => query(AssertSqlSafe(sql)),
    };
    let mut prepared = prepared.persistent(!pooler);
    for value in statement.values {
        prepared = match value {
            Value::Text(text) => prepared.bind(text.map(Cow::into_owned)),
            Value::Integer(number) => prepared.bind(number),
        };
    }
    prepared
}
