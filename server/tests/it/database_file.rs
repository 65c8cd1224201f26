//! What can happen to the database file: readiness tells, no acknowledged write is lost, and a start that could
//! not write is refused.

use std::{
    fs::{self, Permissions},
    io::{Seek, SeekFrom, Write},
    os::unix::fs::PermissionsExt,
    path::Path,
    pin::pin,
    time::{Duration, Instant},
};

use futures_util::future::{join_all, poll_immediate};
use sqlx::{Connection, SqliteConnection, sqlite::SqliteConnectOptions};

use crate::harness::{DANA, DATABASE, PASSWORD, Process, TestApp, open};

/// A connection of another process.
async fn outside(file: &Path) -> SqliteConnection {
    let options = SqliteConnectOptions::new().filename(file);
    SqliteConnection::connect_with(&options).await.unwrap()
}

#[tokio::test]
async fn a_deleted_file_is_noticed_and_not_replaced() {
    let app = TestApp::start_on_file().await;
    let dana = app.signed_in().await;
    assert_eq!(app.readiness().await, 200);
    let (file, away) = (app.database_file(), app.folder.path().join("away.db"));
    fs::rename(&file, &away).unwrap();
    assert_eq!(dana.post("/logout", &[]).await.status, 503);
    assert_eq!(app.anonymous().sign_in(DANA, PASSWORD).await.status, 503);
    assert_eq!(app.readiness().await, 503);
    assert!(!file.exists());

    fs::write(&file, b"").unwrap();
    assert_eq!(app.anonymous().sign_in(DANA, PASSWORD).await.status, 503);
    assert_eq!(app.readiness().await, 503);

    fs::rename(&away, &file).unwrap();
    assert_eq!(app.anonymous().sign_in(DANA, PASSWORD).await.status, 303);
    app.becomes_ready().await;
}

#[tokio::test]
async fn a_file_that_goes_while_a_write_waits_for_its_lock_is_noticed() {
    let app = TestApp::start_on_file().await;
    let mut outside = outside(&app.database_file()).await;
    sqlx::raw_sql("BEGIN IMMEDIATE")
        .execute(&mut outside)
        .await
        .unwrap();
    let mut write = pin!(app.state.database.write());
    assert!(poll_immediate(write.as_mut()).await.is_none());
    fs::rename(app.database_file(), app.folder.path().join("away.db")).unwrap();
    sqlx::raw_sql("ROLLBACK")
        .execute(&mut outside)
        .await
        .unwrap();
    let refused = write.await.unwrap_err().to_string();
    assert!(refused.contains("was deleted"), "{refused}");
}

#[tokio::test]
async fn a_locked_file_is_not_ready_until_it_is_free() {
    let app = TestApp::start_on_file().await;
    let mut outside = outside(&app.database_file()).await;
    sqlx::raw_sql("BEGIN EXCLUSIVE")
        .execute(&mut outside)
        .await
        .unwrap();
    let began = Instant::now();
    assert_eq!(app.anonymous().sign_in(DANA, PASSWORD).await.status, 503);
    // 4.5 seconds at most, and what a busy machine adds; without bounds it would be half a minute.
    assert!(began.elapsed() < Duration::from_secs(15));
    assert_eq!(app.readiness().await, 503);
    sqlx::raw_sql("ROLLBACK")
        .execute(&mut outside)
        .await
        .unwrap();
    app.becomes_ready().await;
}

#[tokio::test]
async fn a_lost_table_is_not_ready() {
    for table in ["sessions", "chat_boxes", "mails"] {
        let app = TestApp::start_on_file().await;
        let mut outside = outside(&app.database_file()).await;
        let rename = format!("ALTER TABLE {table} RENAME TO gone");
        sqlx::raw_sql(sqlx::AssertSqlSafe(rename))
            .execute(&mut outside)
            .await
            .unwrap();
        assert_eq!(app.readiness().await, 503, "{table}");
    }
}

#[tokio::test]
async fn a_damaged_table_is_not_ready_and_requests_say_later() {
    let app = TestApp::start_on_file().await;
    let dana = app.signed_in().await;
    let mut outside = outside(&app.database_file()).await;
    let root: i64 = sqlx::query_scalar("SELECT rootpage FROM sqlite_master WHERE name = 'users'")
        .fetch_one(&mut outside)
        .await
        .unwrap();
    sqlx::raw_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        .execute(&mut outside)
        .await
        .unwrap();
    let mut file = fs::File::options()
        .write(true)
        .open(app.database_file())
        .unwrap();
    let page = u64::try_from(root - 1).unwrap() * 4096;
    file.seek(SeekFrom::Start(page)).unwrap();
    file.write_all(&[0x5a; 4096]).unwrap();
    assert_eq!(app.readiness().await, 503);
    assert_eq!(dana.get("/api/viewer").await.status, 503);
    assert_eq!(dana.get("/account").await.status, 503);
}

#[tokio::test]
async fn reading_a_session_does_not_wait_for_a_lock() {
    let app = TestApp::start_on_file().await;
    let dana = app.signed_in().await;
    app.clock.advance(Duration::from_secs(120));
    let mut outside = outside(&app.database_file()).await;
    sqlx::raw_sql("BEGIN IMMEDIATE")
        .execute(&mut outside)
        .await
        .unwrap();
    let began = Instant::now();
    for _ in 0..4 {
        assert_eq!(dana.get("/account").await.status, 200);
    }
    // Waiting for the lock each time would take six seconds at least.
    assert!(began.elapsed() < Duration::from_secs(6));
}

#[tokio::test]
async fn a_database_that_cannot_be_written_is_refused_at_the_start() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("test.db");
    let url = format!("sqlite://{}", file.display());
    open(&url).await.unwrap().close().await;
    let error = open(&format!("{url}?mode=ro")).await.unwrap_err();
    let error = format!("{error:#}");
    assert!(error.contains("cannot write to it"), "{error}");
    assert!(error.contains("test.db"), "{error}");
}

#[tokio::test]
async fn a_new_file_is_for_its_user_only_and_an_old_one_keeps_its_mode() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("new/test.db");
    let url = format!("sqlite://{}", file.display());
    let mode = |file: &Path| fs::metadata(file).unwrap().permissions().mode() & 0o777;
    let database = open(&url).await.unwrap();
    for name in ["test.db", "test.db-wal", "test.db-shm"] {
        assert_eq!(mode(&file.with_file_name(name)), 0o600, "{name}");
    }
    database.close().await;
    fs::set_permissions(&file, Permissions::from_mode(0o640)).unwrap();
    open(&url).await.unwrap().close().await;
    assert_eq!(mode(&file), 0o640);
}

#[tokio::test]
async fn servers_that_start_together_on_a_new_file_both_start() {
    for _ in 0..5 {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("test.db").display());
        let starts = (0..4).map(|_| open(&url));
        for started in join_all(starts).await {
            started.unwrap();
        }
    }
}

#[tokio::test]
async fn after_a_shutdown_everything_is_in_the_database_file() {
    let sandbox = sandbox::start(sandbox::Config::ephemeral()).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join(DATABASE);
    let url = format!("sqlite://{}", file.display());
    let process = Process::start(&sandbox, folder.path(), &[("DATABASE_URL", &url)]).await;
    let browser = process.anonymous();
    browser.sign_in(DANA, PASSWORD).await;
    // A backup, which keeps SQLite from merging the log with the last connection of the server.
    let mut backup = outside(&file).await;
    sqlx::raw_sql("SELECT COUNT(*) FROM users")
        .execute(&mut backup)
        .await
        .unwrap();
    browser.post("/forgot-password", &[("email", DANA)]).await;
    process.terminate();
    let (ended, log) = process.ended().await;
    assert!(ended.success(), "{log}");
    let wal = fs::metadata(folder.path().join(format!("{DATABASE}-wal")));
    assert_eq!(wal.map_or(0, |wal| wal.len()), 0);
}
