//! The database of a deployment: a file, or a schema of the PostgreSQL server that `LATCHKEY_TEST_POSTGRES` names.

use std::{fs, path::Path};

use server::{
    config::Source,
    database::{Database, DatabaseConfig},
};
use sqlx::{
    AssertSqlSafe, Connection as _, PgConnection, SqliteConnection, sqlite::SqliteConnectOptions,
};

/// The database file in a deployment's folder.
pub const DATABASE: &str = "test.db";

/// The URL of the PostgreSQL server that the tests run on, if they do.
#[expect(
    clippy::disallowed_methods,
    reason = "a setting of the tests, not of the server"
)]
pub fn postgres() -> Option<String> {
    std::env::var("LATCHKEY_TEST_POSTGRES").ok()
}

/// The URL of the database of the deployment in a folder.
pub fn database_url(folder: &Path) -> String {
    let Some(server) = postgres() else {
        return file_url(folder);
    };
    let schema = schema(folder);
    let url = format!("{server}?options[search_path]={schema}");
    // The caller is in a runtime, in which nothing may block on another one.
    let creating = std::thread::spawn(move || {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(create_schema(&server, &schema));
    });
    creating.join().unwrap();
    url
}

/// The URL of the database file in a folder.
pub fn file_url(folder: &Path) -> String {
    format!("sqlite://{}", folder.join(DATABASE).display())
}

/// Opens a database by its URL.
pub async fn open(url: &str) -> anyhow::Result<Database> {
    open_with(&[("DATABASE_URL", url)]).await
}

/// Opens a database by its settings.
pub async fn open_with(settings: &[(&str, &str)]) -> anyhow::Result<Database> {
    let settings = settings.iter();
    let source =
        Source::new(settings.map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    let config = DatabaseConfig::from_source(&source);
    let config = source.finish(config)?;
    config.open().await
}

/// Creates a database file from a dump.
pub async fn load(dump: &'static str, folder: &Path) {
    let options = SqliteConnectOptions::new()
        .filename(folder.join(DATABASE))
        .create_if_missing(true);
    let mut connection = SqliteConnection::connect_with(&options).await.unwrap();
    sqlx::raw_sql(dump).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}

/// A folder's schema: its name, which is unique.
pub fn schema(folder: &Path) -> String {
    let name = folder.to_string_lossy();
    let name = name.rsplit('/').next().unwrap_or_default();
    let hex: String = name.bytes().map(|byte| format!("{byte:02x}")).collect();
    format!("test_{hex}")
}

/// Everything that the database of the deployment in a folder stores.
pub async fn stored(folder: &Path) -> Vec<u8> {
    let Some(server) = postgres() else {
        let files = [DATABASE.to_owned(), format!("{DATABASE}-wal")];
        return files
            .map(|name| fs::read(folder.join(name)).unwrap())
            .concat();
    };
    let mut connection = PgConnection::connect(&server).await.unwrap();
    let schema = schema(folder);
    let tables = "SELECT tablename::text FROM pg_tables WHERE schemaname = $1";
    let tables: Vec<String> = sqlx::query_scalar(tables)
        .bind(&schema)
        .fetch_all(&mut connection)
        .await
        .unwrap();
    let mut stored = String::new();
    for table in tables {
        let rows = AssertSqlSafe(format!("SELECT t::text FROM {schema}.{table} t"));
        let rows: Vec<String> = sqlx::query_scalar(rows)
            .fetch_all(&mut connection)
            .await
            .unwrap();
        stored.extend(rows);
    }
    connection.close().await.unwrap();
    stored.into_bytes()
}

/// Runs statements on a connection of their own, as another program does.
pub async fn run_outside(url: &str, statements: String) {
    let statements = AssertSqlSafe(statements);
    if url.starts_with("sqlite:") {
        let mut connection = SqliteConnection::connect(url).await.unwrap();
        sqlx::raw_sql(statements)
            .execute(&mut connection)
            .await
            .unwrap();
        connection.close().await.unwrap();
    } else {
        let mut connection = PgConnection::connect(url).await.unwrap();
        sqlx::raw_sql(statements)
            .execute(&mut connection)
            .await
            .unwrap();
        connection.close().await.unwrap();
    }
}

async fn create_schema(server: &str, schema: &str) {
    let mut connection = PgConnection::connect(server).await.unwrap();
    let create = format!("CREATE SCHEMA IF NOT EXISTS {schema}");
    sqlx::raw_sql(AssertSqlSafe(create))
        .execute(&mut connection)
        .await
        .unwrap();
    connection.close().await.unwrap();
}
