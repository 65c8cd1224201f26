//! Handles to the database: for statements that read, and for transactions that write.

use std::{sync::Arc, time::Instant};

use async_trait::async_trait;

use super::{
    engine::{Changes, Connection, Engine, Statements},
    error::StorageError,
    query::Query,
    row::OwnedRow,
};
use crate::metrics::{METRICS, observe};

/// Handles to the database.
#[derive(Clone, Debug)]
pub struct Database {
    reader: Reader,
}

/// Runs statements that read.
#[derive(Clone, Debug)]
pub struct Reader(pub(super) Arc<dyn Engine>);

/// A connection that reads.
#[derive(Debug)]
pub struct ReadConnection(Box<Connection>);

/// A transaction that writes. Dropping it undoes its changes.
#[derive(Debug)]
pub struct Transaction(pub(super) Box<dyn Changes>, Instant);

impl Database {
    pub(super) fn new(engine: Box<dyn Engine>) -> Self {
        Self {
            reader: Reader(Arc::from(engine)),
        }
    }

    /// Runs statements that read.
    pub fn read(&self) -> &Reader {
        &self.reader
    }

    /// Begins a transaction that writes.
    ///
    /// # Errors
    /// If the database is not available.
    pub async fn write(&self) -> Result<Transaction, StorageError> {
        let asked = Instant::now();
        let changes = self.reader.0.write().await?;
        let began = Instant::now();
        observe(&METRICS.write_wait, began - asked);
        Ok(Transaction(changes, began))
    }

    /// Checks that the database can be written and every table read.
    ///
    /// # Errors
    /// If not.
    pub async fn check(&self) -> Result<(), StorageError> {
        self.reader.0.check().await
    }

    /// How many connections are open, and how many of them are idle.
    pub fn connections(&self) -> (u32, u32) {
        self.reader.0.connections()
    }

    /// Closes all connections.
    pub async fn close(&self) {
        self.reader.0.close().await;
    }
}

impl Reader {
    /// A connection, for several statements.
    ///
    /// # Errors
    /// If none is free in time.
    pub async fn acquire(&self) -> Result<ReadConnection, StorageError> {
        Ok(ReadConnection(self.0.read().await?))
    }
}

impl Transaction {
    /// Keeps the changes.
    ///
    /// # Errors
    /// If they could not be written. If the connection was lost meanwhile, they may have been.
    pub async fn commit(self) -> Result<(), StorageError> {
        self.0.commit().await?;
        observe(&METRICS.write, self.1.elapsed());
        Ok(())
    }

    /// Undoes the changes.
    ///
    /// # Errors
    /// If the connection was lost, which undoes them as well.
    pub async fn rollback(self) -> Result<(), StorageError> {
        self.0.rollback().await
    }
}

#[async_trait]
impl Statements for ReadConnection {
    async fn execute(&mut self, query: Query<'_>) -> Result<u64, StorageError> {
        self.0.execute(query).await
    }

    async fn fetch(&mut self, query: Query<'_>) -> Result<Vec<OwnedRow>, StorageError> {
        self.0.fetch(query).await
    }

    async fn fetch_first(&mut self, query: Query<'_>) -> Result<Option<OwnedRow>, StorageError> {
        self.0.fetch_first(query).await
    }
}

#[async_trait]
impl Statements for Transaction {
    async fn execute(&mut self, query: Query<'_>) -> Result<u64, StorageError> {
        self.0.execute(query).await
    }

    async fn fetch(&mut self, query: Query<'_>) -> Result<Vec<OwnedRow>, StorageError> {
        self.0.fetch(query).await
    }

    async fn fetch_first(&mut self, query: Query<'_>) -> Result<Option<OwnedRow>, StorageError> {
        self.0.fetch_first(query).await
    }
}
