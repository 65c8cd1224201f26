//! Every statement finds its rows by an index, so that it takes as long with many users as with few.

mod explain;
mod statements;

use std::collections::BTreeSet;

use server::database::query;

use crate::harness::{TestApp, postgres};
use explain::{Explained, Read};

/// Tables with as many rows as an operator has added.
const SMALL: [&str; 2] = ["chat_boxes", "chat_box_origins"];

/// Statements that may read a whole table, and why.
const EXCEPTIONS: [(&str, &str); 2] = [
    (
        "DELETE FROM chat_boxes",
        "an operator's command; it deletes the chat box's codes, of which there are those of one minute",
    ),
    (
        "DELETE FROM users",
        "an operator's command; it deletes the user's flows, of which there are those of an hour",
    ),
];

/// Small tables are read as a whole otherwise.
const AS_IF_LARGE: [&str; 3] = [
    "SET LOCAL enable_seqscan = off",
    "SET LOCAL enable_hashjoin = off",
    "SET LOCAL enable_mergejoin = off",
];

fn engine() -> Explained {
    match postgres() {
        Some(_) => Explained::Postgres,
        None => Explained::Sqlite,
    }
}

/// What statements read.
async fn reads(app: &TestApp, statements: &[&str]) -> Vec<Vec<Read>> {
    let mut tx = app.state.database.write().await.unwrap();
    if engine() == Explained::Postgres {
        for setting in AS_IF_LARGE {
            query(setting).execute(&mut tx).await.unwrap();
        }
    }
    let mut all = Vec::new();
    for sql in statements {
        all.push(engine().reads(&mut tx, sql).await);
    }
    all
}

#[tokio::test]
async fn every_statement_finds_its_rows_by_an_index() {
    let app = TestApp::start().await;
    let statements = statements::all();
    let texts: Vec<&str> = statements.iter().map(|statement| statement.sql).collect();
    assert!(texts.len() > 50, "only {} statements", texts.len());
    for (statement, reads) in statements.iter().zip(reads(&app, &texts).await) {
        let is_exception = EXCEPTIONS
            .iter()
            .any(|(begin, _)| statement.sql.starts_with(begin));
        for read in reads {
            assert!(
                read.is_sought || is_exception || SMALL.contains(&read.table.as_str()),
                "{}: {} reads all of {read:?}",
                statement.store,
                statement.sql
            );
        }
    }
}

#[tokio::test]
async fn every_index_is_used_by_a_statement() {
    if engine() == Explained::Postgres {
        // Between two indexes of an empty table it takes either.
        return;
    }
    let app = TestApp::start().await;
    let texts: Vec<&str> = statements::all().iter().map(|each| each.sql).collect();
    let used: BTreeSet<String> = reads(&app, &texts)
        .await
        .into_iter()
        .flatten()
        .map(|read| read.index)
        .collect();
    let all = "SELECT name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL";
    let all: Vec<String> = query(all)
        .fetch_all(app.state.database.read())
        .await
        .unwrap();
    assert!(all.len() > 10, "{all:?}");
    let unused: Vec<&String> = all.iter().filter(|name| !used.contains(*name)).collect();
    assert!(unused.is_empty(), "{unused:?}");
}

#[tokio::test]
async fn a_statement_that_reads_a_whole_table_is_noticed() {
    let app = TestApp::start().await;
    for (sql, expected) in [
        ("SELECT id FROM users WHERE email_key = $1", true),
        ("UPDATE users SET photo_url = $1 WHERE id = $2", true),
        ("SELECT id FROM users WHERE display_name = $1", false),
        ("SELECT id FROM users ORDER BY id LIMIT 1", false),
        (
            "DELETE FROM sessions WHERE seen_at <= $1 OR data = $2",
            false,
        ),
        (
            "SELECT id FROM mails WHERE due_at <= $1 OR due_at > $2 ORDER BY due_at LIMIT 1",
            false,
        ),
    ] {
        let reads = reads(&app, &[sql]).await;
        let is_sought = reads[0].iter().all(|read| read.is_sought);
        assert_eq!(is_sought, expected, "{sql}: {reads:?}");
        assert!(!reads[0].is_empty(), "{sql}");
    }
}
