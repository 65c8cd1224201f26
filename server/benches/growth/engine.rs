//! The databases: a file or a PostgreSQL database for each number of users.

use std::{
    fs,
    path::{Path, PathBuf},
};

use sqlx::{
    AssertSqlSafe, Connection as _, PgConnection, SqliteConnection,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous},
};

use crate::explain::Explained;

/// Memory for filling a file, in KiB: random keys touch every page of an index.
const CACHE: &str = "-4000000";

/// Where databases are created.
pub struct Engine {
    /// The URL of a PostgreSQL server, if it is not SQLite.
    server: Option<String>,
    folder: PathBuf,
}

/// A database of one number of users.
pub struct BenchDatabase {
    pub url: String,
    server: Option<String>,
    name: String,
    file: PathBuf,
}

/// A connection for statements of an engine's own.
pub enum Raw {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

impl Engine {
    /// `sqlite`, or the URL of a PostgreSQL server.
    pub fn of(text: &str, folder: &Path) -> Self {
        Self {
            server: (text != "sqlite").then(|| text.to_owned()),
            folder: folder.to_owned(),
        }
    }

    pub fn kind(&self) -> Explained {
        match self.server {
            Some(_) => Explained::Postgres,
            None => Explained::Sqlite,
        }
    }

    pub fn name(&self) -> &'static str {
        match self.kind() {
            Explained::Sqlite => "SQLite",
            Explained::Postgres => "PostgreSQL",
        }
    }

    /// An empty database.
    pub async fn create(&self, size: u64) -> BenchDatabase {
        let name = format!("growth_{size}");
        let file = self.folder.join(format!("{name}.db"));
        let url = match &self.server {
            None => format!("sqlite://{}", file.display()),
            Some(server) => {
                run_on(server, format!("CREATE DATABASE {name}")).await;
                let (server, _) = server.rsplit_once('/').unwrap();
                format!("{server}/{name}")
            }
        };
        BenchDatabase {
            url,
            server: self.server.clone(),
            name,
            file,
        }
    }
}

impl BenchDatabase {
    pub async fn connect(&self) -> Raw {
        match &self.server {
            None => {
                let options = SqliteConnectOptions::new().filename(&self.file);
                Raw::Sqlite(SqliteConnection::connect_with(&options).await.unwrap())
            }
            Some(_) => Raw::Postgres(PgConnection::connect(&self.url).await.unwrap()),
        }
    }

    /// A connection that does not care for power failures, nor for references, all of which are right.
    pub async fn connect_to_fill(&self) -> Raw {
        if self.server.is_none() {
            let options = SqliteConnectOptions::new()
                .filename(&self.file)
                .journal_mode(SqliteJournalMode::Off)
                .synchronous(SqliteSynchronous::Off)
                .foreign_keys(false)
                .pragma("cache_size", CACHE);
            return Raw::Sqlite(SqliteConnection::connect_with(&options).await.unwrap());
        }
        let mut raw = self.connect().await;
        for setting in [
            "SET session_replication_role = replica",
            "SET synchronous_commit = off",
            "SET maintenance_work_mem = '1GB'",
        ] {
            raw.run(setting.to_owned()).await;
        }
        raw
    }

    pub async fn delete(self) {
        match &self.server {
            None => fs::remove_file(&self.file).unwrap(),
            Some(server) => run_on(server, format!("DROP DATABASE {} (FORCE)", self.name)).await,
        }
    }
}

impl Raw {
    pub async fn run(&mut self, sql: String) {
        let sql = sqlx::raw_sql(AssertSqlSafe(sql));
        match self {
            Self::Sqlite(connection) => drop(sql.execute(connection).await.unwrap()),
            Self::Postgres(connection) => drop(sql.execute(connection).await.unwrap()),
        }
    }

    /// The indexes that belong to no constraint: name and definition.
    pub async fn indexes(&mut self) -> Vec<(String, String)> {
        match self {
            Self::Sqlite(connection) => {
                let sql =
                    "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL";
                sqlx::query_as(sql).fetch_all(connection).await.unwrap()
            }
            Self::Postgres(connection) => {
                let sql =
                    "SELECT indexname::text, indexdef FROM pg_indexes WHERE schemaname = 'public'
                           AND indexname NOT IN (SELECT conname FROM pg_constraint)";
                sqlx::query_as(sql).fetch_all(connection).await.unwrap()
            }
        }
    }

    /// The bytes of each table and of its indexes, and of all.
    pub async fn sizes(&mut self) -> Vec<(String, f64)> {
        let rows: Vec<(String, i64, i64)> = match self {
            Self::Sqlite(connection) => {
                let sql =
                    "SELECT m.tbl_name, SUM(CASE m.type WHEN 'table' THEN s.pgsize ELSE 0 END),
                                  SUM(CASE m.type WHEN 'index' THEN s.pgsize ELSE 0 END)
                           FROM sqlite_master m JOIN dbstat s ON s.name = m.name AND s.aggregate = 1
                           WHERE m.tbl_name NOT LIKE 'sqlite%' GROUP BY 1 ORDER BY 1";
                sqlx::query_as(sql).fetch_all(connection).await.unwrap()
            }
            Self::Postgres(connection) => {
                let sql = "SELECT relname::text, pg_table_size(oid), pg_indexes_size(oid) FROM pg_class
                           WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY 1";
                sqlx::query_as(sql).fetch_all(connection).await.unwrap()
            }
        };
        let mut sizes = Vec::new();
        let mut total = 0.0;
        for (table, own, indexes) in rows {
            if table.starts_with("chat_box") || table == "_sqlx_migrations" {
                continue;
            }
            total += (own + indexes) as f64;
            sizes.push((table.clone(), own as f64));
            sizes.push((format!("indexes of {table}"), indexes as f64));
        }
        sizes.push(("all tables and indexes".to_owned(), total));
        sizes
    }

    pub async fn close(self) {
        match self {
            Self::Sqlite(connection) => connection.close().await.unwrap(),
            Self::Postgres(connection) => connection.close().await.unwrap(),
        }
    }
}

async fn run_on(server: &str, sql: String) {
    let mut raw = Raw::Postgres(PgConnection::connect(server).await.unwrap());
    raw.run(sql).await;
    raw.close().await;
}
