//! What happens before the server uses the database: a pooler is recognized, and the schema migrated.

use anyhow::{Context, bail};
use sqlx::{
    AssertSqlSafe, Connection as _, PgConnection, Row, migrate::Migrator,
    postgres::PgConnectOptions,
};

use super::options::RECOGNIZED_BY;
use crate::database::migrations;

/// The lock that a server holds while it migrates: any number that all servers know.
const MIGRATION_LOCK: i64 = 0x6c61_7463_686b_6579;

/// Checks that the connection goes to PostgreSQL itself.
///
/// Through a pooler that lends a connection for one transaction only, prepared statements of different clients get
/// mixed up, and a statement may return the rows of another one.
///
/// # Errors
/// If the server did not get the options of this connection, as behind a pooler.
pub(super) async fn ensure_no_pooler(options: &PgConnectOptions) -> anyhow::Result<()> {
    const SENTENCE: &str = "there is a pooler, such as PgBouncer, before PostgreSQL; set \
                            LATCHKEY_DATABASE_POOLER=transaction, and LATCHKEY_DATABASE_MIGRATION_URL to a URL of \
                            PostgreSQL itself";
    let mut connection = match PgConnection::connect_with(options).await {
        Err(sqlx::Error::Database(error)) if error.message().contains("startup parameter") => {
            bail!(SENTENCE);
        }
        connected => connected?,
    };
    let (name, expected) = RECOGNIZED_BY;
    // One message, since of two a pooler may send each to another connection.
    let show = AssertSqlSafe(format!("SELECT current_setting('{name}', true)"));
    let row = sqlx::raw_sql(show).fetch_one(&mut connection).await?;
    let value: Option<String> = row.try_get(0)?;
    connection.close().await?;
    if value.as_deref() != Some(expected) {
        bail!(SENTENCE);
    }
    Ok(())
}

/// Migrates the schema, while other servers that start wait; either all migrations take effect or none.
///
/// # Errors
/// If the schema was migrated by a newer version, or the user may not change it.
pub(super) async fn migrate(options: &PgConnectOptions) -> anyhow::Result<()> {
    // A lock on a table in use, and a change of a large one, may take longer than any request.
    let options = options
        .clone()
        .options([("statement_timeout", "0"), ("lock_timeout", "30s")]);
    let mut connection = PgConnection::connect_with(&options).await?;
    let mut tx = connection.begin().await?;
    sqlx::query("SELECT pg_advisory_xact_lock($1)")
        .bind(MIGRATION_LOCK)
        .execute(&mut *tx)
        .await?;
    migrator()
        .run_direct(None, &mut *tx, false)
        .await
        .context("cannot migrate it")?;
    tx.commit().await.context("cannot migrate it")?;
    connection.close().await?;
    Ok(())
}

/// The versions of the migrations that the database has; none if it has no schema.
///
/// # Errors
/// If the database cannot be reached.
pub(super) async fn applied(options: &PgConnectOptions) -> anyhow::Result<Vec<i64>> {
    let mut connection = PgConnection::connect_with(options).await?;
    let table: Option<String> = sqlx::query_scalar("SELECT to_regclass('_sqlx_migrations')::text")
        .fetch_one(&mut connection)
        .await?;
    let mut applied = Vec::new();
    if table.is_some() {
        applied = sqlx::query_scalar("SELECT version FROM _sqlx_migrations ORDER BY version")
            .fetch_all(&mut connection)
            .await?;
    }
    connection.close().await?;
    Ok(applied)
}

/// Checks that the schema is that of this version.
///
/// # Errors
/// If it is older or newer.
pub(super) async fn ensure_migrated(connection: &mut PgConnection) -> anyhow::Result<()> {
    let applied: Option<i64> = sqlx::query_scalar("SELECT MAX(version) FROM _sqlx_migrations")
        .persistent(false)
        .fetch_one(connection)
        .await
        .context("its schema is not there; set LATCHKEY_DATABASE_MIGRATION_URL")?;
    let newest = migrator().iter().map(|migration| migration.version).max();
    match newest.cmp(&applied) {
        std::cmp::Ordering::Equal => Ok(()),
        std::cmp::Ordering::Less => bail!("its schema was migrated by a newer version"),
        std::cmp::Ordering::Greater => {
            bail!("its schema is older than this version; set LATCHKEY_DATABASE_MIGRATION_URL")
        }
    }
}

fn migrator() -> Migrator {
    let mut migrator = migrations::migrator();
    // sqlx would release its lock before the transaction ends.
    migrator.set_locking(false);
    migrator
}

/// Writes a message to the write-ahead log, which nothing reads. A statement that changes no data is not written to the
/// disk. As text, since sqlx asks for types that it does not know by another statement, which ends one that is not named.
pub(super) async fn write(connection: &mut PgConnection, persistent: bool) -> sqlx::Result<()> {
    sqlx::query("SELECT pg_logical_emit_message(true, 'latchkey', '')::text")
        .persistent(persistent)
        .execute(connection)
        .await?;
    Ok(())
}
