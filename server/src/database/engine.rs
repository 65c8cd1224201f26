//! What an engine does for the stores.

use std::{fmt, path::Path};

use async_trait::async_trait;
use secrecy::{ExposeSecret, SecretString};

use super::{
    backup::Restored,
    error::StorageError,
    query::Query,
    row::{DbRow, OwnedRow},
    schema::Table,
};

/// The settings of an engine.
#[async_trait]
pub(super) trait Settings: fmt::Debug + Send + Sync {
    /// Connects, migrates the schema and proves that the database can be written.
    async fn open(&self) -> anyhow::Result<Box<dyn Engine>>;

    /// Checks that there is a database, which [`open`](Self::open) may otherwise create.
    fn ensure_exists(&self) -> anyhow::Result<()> {
        Ok(())
    }

    /// The versions of the migrations that the database has, without changing it.
    async fn applied(&self) -> anyhow::Result<Vec<i64>>;

    /// Writes a copy of the database to a new file, while servers write.
    async fn back_up(&self, to: &Path) -> anyhow::Result<()>;

    /// Puts a backup in the place of the database; one that is there only with `replace`.
    async fn restore(&self, backup: &Path, replace: bool) -> anyhow::Result<Restored>;
}

/// An open database.
#[async_trait]
pub(super) trait Engine: fmt::Debug + Send + Sync {
    /// A connection that reads.
    async fn read(&self) -> Result<Box<Connection>, StorageError>;

    /// Passes the first row of a statement to `read`, on the calling thread and without waiting for anything. `None`
    /// if that is not possible at the moment, or for this engine: then the statement needs a connection.
    fn read_at_once(&self, _: &Query<'_>, _: &mut dyn FnMut(DbRow<'_>)) -> Option<()> {
        None
    }

    /// A transaction that writes.
    async fn write(&self) -> Result<Box<dyn Changes>, StorageError>;

    /// Checks that the database can be written and every table read.
    async fn check(&self) -> Result<(), StorageError>;

    /// How many connections are open, and how many of them are idle.
    fn connections(&self) -> (u32, u32);

    /// Closes all connections.
    async fn close(&self);

    /// The tables of the schema when the database was opened, with those that others refer to first.
    fn tables(&self) -> &[Table];

    /// A transaction that sees the database as it is now, whatever others write meanwhile.
    async fn snapshot(&self) -> Result<Box<dyn Changes>, StorageError>;

    /// A transaction during which no one else writes to these tables.
    async fn freeze(&self, tables: &[Table]) -> Result<Box<dyn Changes>, StorageError>;

    /// Ends such a transaction so that no one writes afterwards either: not to this database, which has moved.
    async fn retire(&self, tables: &[Table], frozen: Box<dyn Changes>) -> Result<(), StorageError>;
}

/// A connection, as the store functions take it; a transaction derefs to it.
pub type Connection = dyn Statements;

/// Runs statements.
#[async_trait]
pub trait Statements: fmt::Debug + Send {
    /// Runs a statement; returns the number of rows that it changed.
    async fn execute(&mut self, query: Query<'_>) -> Result<u64, StorageError>;

    /// Runs a statement; returns its rows.
    async fn fetch(&mut self, query: Query<'_>) -> Result<Vec<OwnedRow>, StorageError>;

    /// Runs a statement; returns its first row.
    async fn fetch_first(&mut self, query: Query<'_>) -> Result<Option<OwnedRow>, StorageError>;
}

/// A transaction of an engine. Dropping it undoes its changes.
#[async_trait]
pub(super) trait Changes: Statements {
    async fn commit(self: Box<Self>) -> Result<(), StorageError>;
    async fn rollback(self: Box<Self>) -> Result<(), StorageError>;
}

/// Whether a URL has one of these schemes.
pub(super) fn has_scheme(url: &SecretString, schemes: &[&str]) -> bool {
    let scheme = url.expose_secret().split(':').next().unwrap_or_default();
    schemes.contains(&scheme)
}
