//! Both engines have the same schema: columns, keys, indexes.

use std::{collections::BTreeSet, fmt::Debug};

use server::database::{Reader, query};

use crate::harness::{TestApp, postgres};

/// Lines that describe a schema, one question after another, for SQLite and for PostgreSQL.
const QUESTIONS: [(&str, &str, &str); 3] = [
    (
        "columns",
        // SQLite lets a key be NULL; no statement writes such a key.
        "SELECT t.name || '.' || c.name || ' ' || lower(c.type)
                || CASE WHEN c.\"notnull\" = 1 OR c.pk > 0 THEN ' NOT NULL' ELSE '' END
                || CASE WHEN c.pk > 0 THEN ' key ' || c.pk ELSE '' END
                || COALESCE(' DEFAULT ' || c.dflt_value, '')
         FROM sqlite_master t JOIN pragma_table_info(t.name) c
         WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite%' AND t.name <> '_sqlx_migrations'",
        "SELECT t.relname::text || '.' || c.attname || ' ' || format_type(c.atttypid, c.atttypmod)
                || CASE WHEN c.attnotnull THEN ' NOT NULL' ELSE '' END
                || COALESCE(' key ' || array_position(k.conkey, c.attnum), '')
                || COALESCE(' DEFAULT ' || pg_get_expr(d.adbin, d.adrelid), '')
         FROM pg_class t
         JOIN pg_attribute c ON c.attrelid = t.oid AND c.attnum > 0 AND NOT c.attisdropped
         LEFT JOIN pg_constraint k ON k.conrelid = t.oid AND k.contype = 'p'
         LEFT JOIN pg_attrdef d ON d.adrelid = t.oid AND d.adnum = c.attnum
         WHERE t.relnamespace = current_schema()::regnamespace AND t.relkind = 'r'
               AND t.relname <> '_sqlx_migrations'",
    ),
    (
        "indexes",
        "SELECT t.name || CASE WHEN i.\"unique\" = 1 THEN ' UNIQUE' ELSE '' END || ' ('
                || (SELECT group_concat(name) FROM (SELECT name FROM pragma_index_info(i.name) ORDER BY seqno))
                || ')' || CASE WHEN i.origin = 'c' THEN ' ' || i.name ELSE '' END
         FROM sqlite_master t JOIN pragma_index_list(t.name) i
         WHERE t.type = 'table' AND t.name <> '_sqlx_migrations'",
        "SELECT t.relname::text || CASE WHEN i.indisunique THEN ' UNIQUE' ELSE '' END || ' ('
                || (SELECT string_agg(c.attname, ',' ORDER BY array_position(i.indkey::int2[], c.attnum))
                    FROM pg_attribute c WHERE c.attrelid = t.oid AND c.attnum = ANY (i.indkey::int2[]))
                || ')' || CASE WHEN k.oid IS NULL THEN ' ' || n.relname ELSE '' END
         FROM pg_index i
         JOIN pg_class t ON t.oid = i.indrelid
         JOIN pg_class n ON n.oid = i.indexrelid
         LEFT JOIN pg_constraint k ON k.conindid = i.indexrelid AND k.contype IN ('p', 'u')
         WHERE t.relnamespace = current_schema()::regnamespace AND t.relname <> '_sqlx_migrations'",
    ),
    (
        "references",
        "SELECT t.name || '.' || f.\"from\" || ' ' || f.\"table\" || '.' || f.\"to\" || ' ' || lower(f.on_delete)
         FROM sqlite_master t JOIN pragma_foreign_key_list(t.name) f WHERE t.type = 'table'",
        "SELECT a.relname::text || '.' || c.attname || ' ' || b.relname || '.' || d.attname || ' '
                || CASE k.confdeltype WHEN 'c' THEN 'cascade' WHEN 'n' THEN 'set null' ELSE 'no action' END
         FROM pg_constraint k
         JOIN pg_class a ON a.oid = k.conrelid JOIN pg_class b ON b.oid = k.confrelid
         JOIN pg_attribute c ON c.attrelid = a.oid AND c.attnum = k.conkey[1]
         JOIN pg_attribute d ON d.attrelid = b.oid AND d.attnum = k.confkey[1]
         WHERE k.contype = 'f' AND a.relnamespace = current_schema()::regnamespace",
    ),
];

async fn lines(database: &Reader, sql: &'static str) -> BTreeSet<String> {
    let lines: Vec<String> = query(sql).fetch_all(database).await.unwrap();
    lines.into_iter().collect()
}

#[track_caller]
fn assert_same<T: Ord + Debug>(what: &str, file: &BTreeSet<T>, postgres: &BTreeSet<T>) {
    let only_file: Vec<_> = file.difference(postgres).collect();
    let only_postgres: Vec<_> = postgres.difference(file).collect();
    assert!(
        only_file.is_empty() && only_postgres.is_empty(),
        "{what}: only in SQLite {only_file:#?}, only in PostgreSQL {only_postgres:#?}"
    );
}

#[tokio::test]
async fn both_engines_have_the_same_schema() {
    if postgres().is_none() {
        eprintln!("not on PostgreSQL: nothing to test");
        return;
    }
    let (file, server) = (TestApp::start_on_file().await, TestApp::start().await);
    for (what, of_file, of_postgres) in QUESTIONS {
        let of_file = lines(file.state.database.read(), of_file).await;
        let of_postgres = lines(server.state.database.read(), of_postgres).await;
        assert!(of_file.len() > 3, "{what}: {of_file:?}");
        assert_same(what, &of_file, &of_postgres);
    }
}
