//! Expired rows are deleted in batches, between which others write.

use std::cell::Cell;

use server::database::query;

use crate::harness::TestApp;

/// Rows that have expired, of every kind that is deleted, and one of each that has not.
const ROWS: [&str; 8] = [
    "INSERT INTO sessions (id_hash, data, created_at, seen_at, expires_at)
     VALUES ('alive', '{}', 0, 9000000000000, 9000000000000), ('old', '{}', 0, 9000000000000, 0),
            ('idle', '{}', 0, 0, 9000000000000)",
    "INSERT INTO registrations (id, attempt, email, email_key, display_name, expires_at, created_at)
     VALUES ('alive', 'a', '', '', '', 9000000000000, 0), ('old', 'b', '', '', '', 0, 0)",
    "INSERT INTO password_resets (user_id, token_hash, expires_at)
     SELECT id, 'hash of ' || id, CASE email WHEN 'demo@latchkey.localhost' THEN 0 ELSE 9000000000000 END FROM users",
    "INSERT INTO oauth_flows (state_hash, browser_hash, provider, flow, created_at, expires_at)
     VALUES ('alive', '', '', '{}', 0, 9000000000000), ('old', '', '', '{}', 0, 0)",
    "INSERT INTO handoff_codes (code_hash, session_hash, chat_box_id, challenge, sealed, expires_at)
     VALUES ('alive', 'alive', 'cb_demo', '', '', 9000000000000), ('old', 'alive', 'cb_demo', '', '', 0)",
    "INSERT INTO limits (key, free_at, failures)
     VALUES ('counted', 9000000000000, 0), ('free', 0, 0), ('few', 0, 9), ('many', 0, 10)",
    "INSERT INTO audit_events (at, id, kind) VALUES (9000000000000, 'alive', ''), (0, 'old', '')",
    "INSERT INTO credential_uses (user_id, vendor, site, day, uses, last_at)
     VALUES ('alive', '', '', '', 1, 9000000000000), ('old', '', '', '', 1, 0)",
];

/// What is left of each table.
const LEFT: [(&str, i64); 9] = [
    ("SELECT COUNT(*) FROM sessions WHERE id_hash = 'alive'", 1),
    ("SELECT COUNT(*) FROM sessions", 1),
    ("SELECT COUNT(*) FROM registrations WHERE id = 'alive'", 1),
    ("SELECT COUNT(*) FROM password_resets", 1),
    ("SELECT COUNT(*) FROM oauth_flows", 1),
    ("SELECT COUNT(*) FROM handoff_codes", 1),
    ("SELECT COUNT(*) FROM limits", 1),
    (
        "SELECT COUNT(*) FROM audit_events WHERE at = 9000000000000 OR at = 0",
        1,
    ),
    ("SELECT COUNT(*) FROM credential_uses", 1),
];

#[tokio::test]
async fn rows_of_every_kind_are_deleted_once_they_have_expired() {
    let app = TestApp::start().await;
    for sql in ROWS {
        app.execute(sql).await;
    }
    let swept = app.sweeper.sweep().await.unwrap();
    assert_eq!(swept.rows, 2 + 1 + 1 + 1 + 1 + 3 + 2);
    for (sql, expected) in LEFT {
        assert_eq!(app.count(sql).await, expected, "{sql}");
    }
}

#[tokio::test]
async fn others_write_between_the_batches() {
    let app = TestApp::start().await;
    app.execute(
        "INSERT INTO limits (key, free_at, failures)
         WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000)
         SELECT 'key ' || i, 0, 0 FROM n",
    )
    .await;
    let (ended, writes) = (Cell::new(false), Cell::new(0));
    let sweep = async {
        let swept = app.sweeper.sweep().await.unwrap();
        ended.set(true);
        swept
    };
    let others = async {
        while !ended.get() {
            let mut tx = app.state.database.write().await.unwrap();
            query("UPDATE users SET photo_url = NULL")
                .execute(&mut tx)
                .await
                .unwrap();
            tx.commit().await.unwrap();
            writes.set(writes.get() + 1);
        }
    };
    let (swept, ()) = tokio::join!(sweep, others);
    assert_eq!(swept.rows, 5000);
    assert!(swept.batches >= 10, "{swept:?}");
    assert!(writes.get() >= swept.batches, "{writes:?} in {swept:?}");
}
