//! By which index every statement finds its rows.

use server::database::Database;

use crate::{explain::Explained, statements};

/// Prints the tables and indexes that each statement reads.
pub async fn print(database: &Database, engine: Explained) {
    let mut tx = database.write().await.unwrap();
    for statement in statements::all() {
        let reads = engine.reads(&mut tx, statement.sql).await;
        let reads: Vec<String> = reads
            .iter()
            .map(|read| match (read.index.as_str(), read.is_sought) {
                ("", _) => format!("all of {}", read.table),
                (index, true) => index.to_owned(),
                (index, false) => format!("all of {index}"),
            })
            .collect();
        if !reads.is_empty() {
            println!(
                "| {} | `{}` | {} |",
                statement.store,
                short(statement.sql),
                reads.join(", ")
            );
        }
    }
}

/// A statement on one line, without the columns that it returns.
fn short(sql: &str) -> String {
    let sql = sql.split_whitespace().collect::<Vec<_>>().join(" ");
    let sql = sql.split(" RETURNING ").next().unwrap_or_default();
    match sql
        .strip_prefix("SELECT ")
        .and_then(|rest| rest.split_once(" FROM "))
    {
        Some((columns, rest)) if columns.contains(',') => format!("SELECT … FROM {rest}"),
        _ => sql.to_owned(),
    }
}
