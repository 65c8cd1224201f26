//! What SQLite's catalog says of the tables.

use sqlx::SqliteConnection;

use crate::database::schema::{self, ColumnRow, Reference, Table};

/// All tables of the file but those of SQLite and of the migrations.
pub(super) async fn tables(connection: &mut SqliteConnection) -> sqlx::Result<Vec<Table>> {
    let columns: Vec<ColumnRow> = sqlx::query_as(
        "SELECT t.name, c.name, c.type, CAST(c.pk AS INTEGER)
         FROM sqlite_master t JOIN pragma_table_info(t.name) c
         WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite%' AND t.name <> '_sqlx_migrations'
         ORDER BY t.rowid, c.cid",
    )
    .fetch_all(&mut *connection)
    .await?;
    let references: Vec<Reference> = sqlx::query_as(
        "SELECT t.name, f.\"table\" FROM sqlite_master t JOIN pragma_foreign_key_list(t.name) f
         WHERE t.type = 'table'",
    )
    .fetch_all(connection)
    .await?;
    Ok(schema::tables(columns, &references))
}
