//! PostgreSQL: for several servers on one database.

mod checkout;
mod error;
mod options;
mod setup;
mod statements;
mod tables;

use std::{path::Path, sync::Arc};

use anyhow::{Context, bail};
use async_trait::async_trait;
use secrecy::SecretString;
use sqlx::{
    AssertSqlSafe, Connection as _, SqlSafeStr,
    postgres::{PgConnectOptions, PgPoolOptions},
};

use super::{
    backup::Restored,
    engine::{self, Changes, Connection, Engine},
    error::StorageError,
    query::composed,
    schema::Table,
};
use crate::config::Source;
use checkout::{ACQUIRE_TIMEOUT, Checkout, TEST_AFTER};
use error::storage_error;
use options::parse;
use statements::PgTransaction;

/// The settings of a PostgreSQL database.
#[derive(Clone, Debug)]
struct Settings {
    /// `DATABASE_URL`.
    options: PgConnectOptions,
    /// `LATCHKEY_DATABASE_MIGRATION_URL`: where the schema is migrated, if not at the same URL.
    migration: Option<PgConnectOptions>,
    /// `LATCHKEY_DATABASE_CONNECTIONS`: the number of connections of this server.
    connections: u32,
    /// `LATCHKEY_DATABASE_POOLER`: whether a pooler lends a connection for a transaction only.
    pooler: bool,
}

/// Reads the settings, if the URL is one of PostgreSQL.
pub(super) fn settings(url: &SecretString, source: &Source) -> Option<Box<dyn engine::Settings>> {
    if !engine::has_scheme(url, &["postgres", "postgresql"]) {
        return None;
    }
    let options = read(source, "DATABASE_URL", url)?;
    let migration = source
        .secret("LATCHKEY_DATABASE_MIGRATION_URL")
        .and_then(|url| read(source, "LATCHKEY_DATABASE_MIGRATION_URL", &url));
    Some(Box::new(Settings {
        options,
        migration,
        connections: source.number("LATCHKEY_DATABASE_CONNECTIONS", 16, 2..=1000) as u32,
        pooler: source.switch("LATCHKEY_DATABASE_POOLER", ["none", "transaction"]),
    }))
}

fn read(source: &Source, name: &str, url: &SecretString) -> Option<PgConnectOptions> {
    parse(url)
        .inspect_err(|sentence| source.problem(name, sentence))
        .ok()
}

#[async_trait]
impl engine::Settings for Settings {
    /// Migrates while other servers that start wait.
    async fn open(&self) -> anyhow::Result<Box<dyn Engine>> {
        let database = self.connect().await.with_context(|| {
            let host = self.options.get_host();
            let name = self.options.get_database().unwrap_or_default();
            format!("cannot use the database {name} at {host}")
        })?;
        Ok(Box::new(database))
    }

    async fn applied(&self) -> anyhow::Result<Vec<i64>> {
        let options = options::direct(self.migration.as_ref().unwrap_or(&self.options).clone());
        setup::applied(&options).await
    }

    async fn back_up(&self, _: &Path) -> anyhow::Result<()> {
        bail!(
            "DATABASE_URL names PostgreSQL, whose own tool takes backups while servers write: pg_dump --format=custom \
             --file=FILE DATABASE"
        )
    }

    async fn restore(&self, _: &Path, _: bool) -> anyhow::Result<Restored> {
        bail!(
            "DATABASE_URL names PostgreSQL, whose own tool takes backups back: pg_restore --exit-on-error \
             --single-transaction --dbname=DATABASE FILE"
        )
    }
}

impl Settings {
    async fn connect(&self) -> anyhow::Result<Database> {
        let options = if self.pooler {
            options::behind_pooler(self.options.clone())
        } else {
            options::direct(self.options.clone())
        };
        if !self.pooler {
            setup::ensure_no_pooler(&options).await?;
        }
        let migration = self.migration.clone().map(options::direct);
        let direct = migration.as_ref().or((!self.pooler).then_some(&options));
        if let Some(direct) = direct {
            setup::migrate(direct).await?;
        }
        let mut database = Database {
            tables: Arc::default(),
            connections: Checkout::new(pool(self.connections).connect_with(options.clone()).await?),
            pooler: self.pooler,
        };
        let mut tx = database.begin().await?.lent;
        if direct.is_none() {
            setup::ensure_migrated(&mut tx.transaction).await?;
        }
        database.tables = tables::tables(&mut tx.transaction).await?.into();
        tx.transaction.commit().await?;
        database.check_tables().await?;
        Ok(database)
    }
}

fn pool(connections: u32) -> PgPoolOptions {
    PgPoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .test_before_acquire(false)
        .before_acquire(|connection, meta| {
            Box::pin(
                async move { Ok(meta.idle_for < TEST_AFTER || connection.ping().await.is_ok()) },
            )
        })
}

/// An open PostgreSQL database.
#[derive(Clone, Debug)]
struct Database {
    connections: Checkout,
    pooler: bool,
    tables: Arc<[Table]>,
}

impl Database {
    /// The isolation level is READ COMMITTED. Each store says by its statements what concurrent callers get.
    async fn begin(&self) -> sqlx::Result<PgTransaction> {
        if self.pooler {
            self.begin_with(options::BEGIN_BEHIND_POOLER).await
        } else {
            self.begin_with("BEGIN").await
        }
    }

    async fn begin_with(&self, sql: impl SqlSafeStr + Send) -> sqlx::Result<PgTransaction> {
        Ok(PgTransaction {
            lent: self.connections.begin(sql).await?,
            pooler: self.pooler,
        })
    }

    async fn check_tables(&self) -> sqlx::Result<()> {
        let mut tx = self.begin().await?.lent;
        setup::write(&mut tx.transaction, !self.pooler).await?;
        for table in &*self.tables {
            // Names from the schema, which the migrations write.
            let read = AssertSqlSafe(table.read_one());
            sqlx::query(read)
                .persistent(!self.pooler)
                .execute(&mut *tx.transaction)
                .await?;
        }
        tx.transaction.commit().await
    }
}

#[async_trait]
impl Engine for Database {
    /// Behind a pooler this is a transaction too: between two statements outside of one, the pooler may lend the
    /// connection to another client.
    async fn read(&self) -> Result<Box<Connection>, StorageError> {
        if self.pooler {
            return Ok(Box::new(self.begin().await.map_err(storage_error)?));
        }
        let connection = self.connections.acquire().await;
        Ok(Box::new(connection.map_err(storage_error)?))
    }

    async fn write(&self) -> Result<Box<dyn Changes>, StorageError> {
        Ok(Box::new(self.begin().await.map_err(storage_error)?))
    }

    async fn check(&self) -> Result<(), StorageError> {
        self.check_tables().await.map_err(storage_error)
    }

    fn connections(&self) -> (u32, u32) {
        self.connections.connections()
    }

    async fn close(&self) {
        self.connections.close().await;
    }

    fn tables(&self) -> &[Table] {
        &self.tables
    }

    async fn snapshot(&self) -> Result<Box<dyn Changes>, StorageError> {
        let begun = self.begin_with(options::BEGIN_SNAPSHOT).await;
        Ok(Box::new(begun.map_err(storage_error)?))
    }

    async fn freeze(&self, tables: &[Table]) -> Result<Box<dyn Changes>, StorageError> {
        let begin = AssertSqlSafe(tables::begin_frozen(tables));
        let begun = self.begin_with(begin).await;
        Ok(Box::new(begun.map_err(storage_error)?))
    }

    /// Every table gets a trigger that refuses writes.
    async fn retire(
        &self,
        tables: &[Table],
        mut frozen: Box<dyn Changes>,
    ) -> Result<(), StorageError> {
        for statement in tables::refuse_writes(tables) {
            composed(statement)
                .execute(&mut *frozen as &mut Connection)
                .await?;
        }
        frozen.commit().await
    }
}
