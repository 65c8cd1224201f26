//! Runs the stores' statements on PostgreSQL.

use std::{borrow::Cow, fmt};

use async_trait::async_trait;
use sqlx::{AssertSqlSafe, Postgres, postgres::PgArguments, query};

use super::{
    checkout::{Lent, Loan},
    error::storage_error,
};
use crate::database::{
    engine::{Changes, Statements},
    error::StorageError,
    query::Query,
    row::OwnedRow,
    value::Value,
};

/// A transaction, which may go through a pooler.
pub(super) struct PgTransaction {
    pub(super) lent: Lent,
    pub(super) pooler: bool,
}

impl fmt::Debug for PgTransaction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PgTransaction")
            .field("pooler", &self.pooler)
            .finish_non_exhaustive()
    }
}

#[async_trait]
impl Statements for Loan {
    async fn execute(&mut self, query: Query<'_>) -> Result<u64, StorageError> {
        let connection = self.connection().map_err(storage_error)?;
        let done = prepare(query, false).execute(connection).await;
        let done = done.map_err(storage_error)?;
        self.succeeded();
        Ok(done.rows_affected())
    }

    async fn fetch(&mut self, query: Query<'_>) -> Result<Vec<OwnedRow>, StorageError> {
        let connection = self.connection().map_err(storage_error)?;
        let rows = prepare(query, false).fetch_all(connection).await;
        let rows = rows.map_err(storage_error)?;
        self.succeeded();
        Ok(rows.into_iter().map(OwnedRow::new).collect())
    }

    async fn fetch_first(&mut self, query: Query<'_>) -> Result<Option<OwnedRow>, StorageError> {
        let connection = self.connection().map_err(storage_error)?;
        let row = prepare(query, false).fetch_optional(connection).await;
        let row = row.map_err(storage_error)?;
        self.succeeded();
        Ok(row.map(OwnedRow::new))
    }
}

#[async_trait]
impl Statements for PgTransaction {
    async fn execute(&mut self, query: Query<'_>) -> Result<u64, StorageError> {
        let query = prepare(query, self.pooler);
        let done = query.execute(&mut *self.lent.transaction).await;
        Ok(done.map_err(storage_error)?.rows_affected())
    }

    async fn fetch(&mut self, query: Query<'_>) -> Result<Vec<OwnedRow>, StorageError> {
        let query = prepare(query, self.pooler);
        let rows = query.fetch_all(&mut *self.lent.transaction).await;
        let rows = rows.map_err(storage_error)?;
        Ok(rows.into_iter().map(OwnedRow::new).collect())
    }

    async fn fetch_first(&mut self, query: Query<'_>) -> Result<Option<OwnedRow>, StorageError> {
        let query = prepare(query, self.pooler);
        let row = query.fetch_optional(&mut *self.lent.transaction).await;
        Ok(row.map_err(storage_error)?.map(OwnedRow::new))
    }
}

#[async_trait]
impl Changes for PgTransaction {
    async fn commit(self: Box<Self>) -> Result<(), StorageError> {
        self.lent.transaction.commit().await.map_err(storage_error)
    }

    async fn rollback(self: Box<Self>) -> Result<(), StorageError> {
        self.lent
            .transaction
            .rollback()
            .await
            .map_err(storage_error)
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
