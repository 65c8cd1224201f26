//! What PostgreSQL's catalog says of the tables, and statements for all of them.

use sqlx::PgConnection;

use super::options::BEGIN_FREEZE;
use crate::database::{
    schema::{self, ColumnRow, Reference, Table},
    transfer::MOVED,
};

/// All tables of the schema but that of the migrations. Within a transaction, it may run behind a pooler.
pub(super) async fn tables(connection: &mut PgConnection) -> sqlx::Result<Vec<Table>> {
    let columns: Vec<ColumnRow> = sqlx::query_as(
        "SELECT t.relname::text, c.attname::text, format_type(c.atttypid, NULL),
                COALESCE(array_position(k.conkey, c.attnum), 0)::bigint
         FROM pg_class t
         JOIN pg_attribute c ON c.attrelid = t.oid AND c.attnum > 0 AND NOT c.attisdropped
         LEFT JOIN pg_constraint k ON k.conrelid = t.oid AND k.contype = 'p'
         WHERE t.relnamespace = current_schema()::regnamespace AND t.relkind IN ('r', 'p')
               AND t.relname <> '_sqlx_migrations'
         ORDER BY t.oid, c.attnum",
    )
    .persistent(false)
    .fetch_all(&mut *connection)
    .await?;
    let references: Vec<Reference> = sqlx::query_as(
        "SELECT a.relname::text, b.relname::text FROM pg_constraint k
         JOIN pg_class a ON a.oid = k.conrelid JOIN pg_class b ON b.oid = k.confrelid
         WHERE k.contype = 'f' AND a.relnamespace = current_schema()::regnamespace",
    )
    .persistent(false)
    .fetch_all(connection)
    .await?;
    Ok(schema::tables(columns, &references))
}

/// Begins a transaction with a lock on all tables, which waits for those who write and lets others read.
pub(super) fn begin_frozen(tables: &[Table]) -> String {
    let names: Vec<String> = tables.iter().map(Table::quoted).collect();
    let names = names.join(", ");
    format!("{BEGIN_FREEZE}; LOCK TABLE {names} IN SHARE ROW EXCLUSIVE MODE")
}

/// Statements that make every table refuse writes, with the code of a standby, which servers take for an outage, and
/// that keep servers from starting.
pub(super) fn refuse_writes(tables: &[Table]) -> Vec<String> {
    let function = format!(
        "CREATE FUNCTION {MOVED}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
             RAISE EXCEPTION 'the deployment has moved to another database' USING ERRCODE = '25006';
         END $$"
    );
    let triggers = tables.iter().map(|table| {
        format!(
            "CREATE TRIGGER {MOVED} BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON {} EXECUTE FUNCTION {MOVED}()",
            table.quoted()
        )
    });
    let mark = format!("CREATE TABLE {MOVED} (id BIGINT PRIMARY KEY)");
    [function, mark].into_iter().chain(triggers).collect()
}
