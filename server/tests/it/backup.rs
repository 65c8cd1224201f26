//! Backups are taken while others write, and have everything that was acknowledged before; restoring overwrites nothing
//! by mistake.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::Path,
    process::Command,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
};

use server::database::{Database, query};
use tokio::task::JoinSet;

use crate::harness::{
    DANA, DATABASE, GOOD_PASSWORD, PASSWORD, Process, TestApp, database_url, file_url, open,
    output, postgres, settings,
};

const ADA: &str = "ada@example.test";

/// Runs `latchkey` with the database file in a folder; returns whether it succeeded, and what it printed.
async fn latchkey(app: &TestApp, folder: &Path, arguments: &[&str]) -> (bool, String) {
    let url = file_url(folder);
    run(app, &[("DATABASE_URL", &url)], arguments).await
}

async fn run(app: &TestApp, changes: &[(&str, &str)], arguments: &[&str]) -> (bool, String) {
    let settings = settings(app.addr, &app.sandbox, app.folder.path(), changes);
    let mut command = Command::new(env!("CARGO_BIN_EXE_latchkey"));
    command.env_clear().envs(settings).args(arguments);
    let output = output(command).await;
    let text = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8(text).unwrap())
}

async fn write_number(database: &Database, number: u32) {
    let mut tx = database.write().await.unwrap();
    query("INSERT INTO limits (key, free_at, failures) VALUES ($1, $2, 0)")
        .bind(format!("number {number:06}"))
        .bind(i64::from(number))
        .execute(&mut tx)
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

/// How many numbers are in the database of a folder, up to one.
async fn numbers_in(folder: &Path, up_to: u32) -> i64 {
    let restored = open(&file_url(folder)).await.unwrap();
    let there = query("SELECT COUNT(*) FROM limits WHERE key LIKE 'number %' AND free_at <= $1")
        .bind(i64::from(up_to))
        .fetch_one(restored.read())
        .await
        .unwrap();
    restored.close().await;
    there
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_has_every_write_that_was_acknowledged_before() {
    let app = TestApp::start_on_file().await;
    let acknowledged = Arc::new(AtomicU32::new(0));
    let (written, database) = (Arc::clone(&acknowledged), app.state.database.clone());
    let mut writer = JoinSet::new();
    writer.spawn(async move {
        for number in 1.. {
            write_number(&database, number).await;
            written.store(number, Ordering::SeqCst);
        }
    });
    for round in 0..10 {
        let elsewhere = tempfile::tempdir().unwrap();
        let path = elsewhere.path().join("backup.db").display().to_string();
        let before = acknowledged.load(Ordering::SeqCst);
        let (succeeded, text) = latchkey(&app, app.folder.path(), &["backup", &path]).await;
        assert!(succeeded, "{text}");
        let after = acknowledged.load(Ordering::SeqCst);
        assert!(after > before, "others write meanwhile");
        let (succeeded, text) = latchkey(&app, elsewhere.path(), &["restore", &path]).await;
        assert!(succeeded, "{text}");
        let there = numbers_in(elsewhere.path(), before).await;
        assert_eq!(there, i64::from(before), "in round {round}");
    }
}

#[tokio::test]
async fn a_server_goes_on_with_a_backup() {
    let app = TestApp::start_on_file().await;
    app.register(ADA, GOOD_PASSWORD).await;
    let elsewhere = tempfile::tempdir().unwrap();
    let backup = elsewhere.path().join("backup.db").display().to_string();
    let (succeeded, text) = latchkey(&app, app.folder.path(), &["backup", &backup]).await;
    assert!(succeeded, "{text}");
    let mode = fs::metadata(&backup).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let (succeeded, text) = latchkey(&app, elsewhere.path(), &["restore", &backup]).await;
    assert!(succeeded, "{text}");
    let mode = fs::metadata(elsewhere.path().join(DATABASE))
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
    let url = file_url(elsewhere.path());
    let changes = [("DATABASE_URL", url.as_str())];
    let process = Process::start(&app.sandbox, elsewhere.path(), &changes).await;
    assert_eq!(
        process.anonymous().sign_in(ADA, GOOD_PASSWORD).await.status,
        303
    );
}

#[tokio::test]
async fn nothing_is_overwritten_by_mistake() {
    let app = TestApp::start_on_file().await;
    let folder = tempfile::tempdir().unwrap();
    let backup = folder.path().join("backup.db").display().to_string();
    let own = app.folder.path();
    assert!(latchkey(&app, own, &["backup", &backup]).await.0);
    let (succeeded, text) = latchkey(&app, own, &["backup", &backup]).await;
    assert!(!succeeded && text.contains("is there already"), "{text}");
    for (arguments, reason) in [
        (&["restore", &backup][..], "with --replace"),
        (&["restore", "--replace", &backup], "is in use"),
        (
            &["restore", "--replace", "/nowhere/backup.db"],
            "there is no file",
        ),
    ] {
        let (succeeded, text) = latchkey(&app, own, arguments).await;
        assert!(!succeeded && text.contains(reason), "{arguments:?}: {text}");
    }
    let response = app.anonymous().sign_in(DANA, PASSWORD).await;
    assert_eq!(response.status, 303, "the server goes on");
}

#[tokio::test]
async fn a_database_that_is_replaced_is_kept() {
    let app = TestApp::start_on_file().await;
    let folder = tempfile::tempdir().unwrap();
    let backup = folder.path().join("backup.db").display().to_string();
    assert!(
        latchkey(&app, app.folder.path(), &["backup", &backup])
            .await
            .0
    );
    let database = open(&file_url(folder.path())).await.unwrap();
    write_number(&database, 1).await;
    database.close().await;
    for number in 1..3 {
        let (succeeded, text) =
            latchkey(&app, folder.path(), &["restore", "--replace", &backup]).await;
        assert!(succeeded, "{text}");
        let former = folder.path().join(format!("{DATABASE}.replaced-{number}"));
        assert!(
            former.is_file() && text.contains(&format!("replaced-{number}")),
            "{text}"
        );
    }
    let former = folder.path().join(format!("{DATABASE}.replaced-1"));
    let former = open(&format!("sqlite://{}", former.display()))
        .await
        .unwrap();
    let kept: i64 = query("SELECT COUNT(*) FROM limits WHERE key = 'number 000001'")
        .fetch_one(former.read())
        .await
        .unwrap();
    assert_eq!(kept, 1);
}

#[tokio::test]
async fn what_is_no_usable_backup_is_not_restored() {
    let app = TestApp::start_on_file().await;
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    let good = path("good.db");
    assert!(
        latchkey(&app, app.folder.path(), &["backup", &good])
            .await
            .0
    );
    let bytes = fs::read(&good).unwrap();
    fs::write(path("truncated.db"), &bytes[..bytes.len() / 2]).unwrap();
    fs::write(
        path("text.db"),
        "not a database, but a text that is long enough".repeat(100),
    )
    .unwrap();
    fs::write(path("empty.db"), "").unwrap();
    let newer = path("newer.db");
    fs::copy(&good, &newer).unwrap();
    let statement = "UPDATE _sqlx_migrations SET version = 9999 WHERE version = 12".to_owned();
    crate::harness::run_outside(&format!("sqlite://{newer}"), statement).await;
    for (name, reason) in [
        ("truncated.db", "cannot restore"),
        ("text.db", "cannot restore"),
        ("empty.db", "no database of Latchkey"),
        ("newer.db", "of a newer version"),
    ] {
        let (succeeded, text) = latchkey(&app, folder.path(), &["restore", &path(name)]).await;
        assert!(!succeeded && text.contains(reason), "{name}: {text}");
        assert!(!folder.path().join(DATABASE).exists(), "{name}");
    }
    fs::write(
        folder.path().join(format!("{DATABASE}-wal")),
        "of a lost database",
    )
    .unwrap();
    let (succeeded, text) = latchkey(&app, folder.path(), &["restore", &good]).await;
    assert!(!succeeded && text.contains("put it elsewhere"), "{text}");
}

#[tokio::test]
async fn postgresql_has_its_own_tools() {
    if postgres().is_none() {
        return;
    }
    let app = TestApp::start().await;
    let url = database_url(app.folder.path());
    for (arguments, tool) in [
        (["backup", "x.db"], "pg_dump"),
        (["restore", "x.db"], "pg_restore"),
    ] {
        let (succeeded, text) = run(&app, &[("DATABASE_URL", &url)], &arguments).await;
        assert!(!succeeded && text.contains(tool), "{text}");
    }
}

#[tokio::test]
async fn a_dry_run_names_the_missing_migrations_and_changes_nothing() {
    let app = TestApp::start().await;
    let url = app.database_url();
    let (succeeded, text) = run(&app, &[("DATABASE_URL", &url)], &["migrate", "--dry-run"]).await;
    assert!(succeeded && text.contains("that of this version"), "{text}");
    app.execute("DELETE FROM _sqlx_migrations WHERE version = 12")
        .await;
    let (succeeded, text) = run(&app, &[("DATABASE_URL", &url)], &["migrate", "--dry-run"]).await;
    assert!(succeeded, "{text}");
    assert!(text.starts_with("0012  audit\n"), "{text}");
    assert!(!text.contains("0011"), "{text}");
    app.execute("UPDATE _sqlx_migrations SET version = 9999 WHERE version = 11")
        .await;
    let (succeeded, text) = run(&app, &[("DATABASE_URL", &url)], &["migrate", "--dry-run"]).await;
    assert!(!succeeded && text.contains("newer version"), "{text}");

    let nothing = tempfile::tempdir().unwrap();
    let (succeeded, text) = latchkey(&app, nothing.path(), &["migrate", "--dry-run"]).await;
    assert!(succeeded && text.starts_with("0001  users\n"), "{text}");
    assert!(!nothing.path().join(DATABASE).exists());
}

#[tokio::test]
async fn the_settings_are_printed_without_secrets_or_refused_with_a_sentence() {
    let app = TestApp::start().await;
    let canary = "c4nary-".repeat(8);
    let secret = [
        ("OAUTH_SSO_CLIENT_SECRET", canary.as_str()),
        ("LATCHKEY_TYPO", "1"),
    ];
    let (succeeded, text) = run(&app, &secret, &["config", "check"]).await;
    assert!(succeeded, "{text}");
    for line in [
        "LATCHKEY_ENV=demo\n",
        "OAUTH_SSO_CLIENT_SECRET=(secret)\n",
        "DATABASE_URL=(secret)\n",
        "# LATCHKEY_METRICS_ADDR is not set\n",
        "# LATCHKEY_TYPO has no effect",
    ] {
        assert!(text.contains(line), "{line} in {text}");
    }
    for (name, value) in settings(app.addr, &app.sandbox, app.folder.path(), &secret) {
        let is_secret = ["SECRET", "KEY", "TOKEN", "PASSWORD"]
            .iter()
            .any(|word| name.ends_with(word) || name.contains("API_KEY"));
        let printed = text.contains(&format!("{name}=(secret)\n"))
            || text.contains(&format!("{name}={value}\n"))
            || text.contains(&format!("# {name} has no effect"))
            || value.is_empty();
        assert!(printed, "{name} is not in {text}");
        let shown = is_secret && value.len() > 15 && text.contains(&value);
        assert!(!shown, "{name} is shown in {text}");
    }
    assert!(!text.contains("c4nary"), "{text}");
    let wrong = [("LATCHKEY_ENV", "nowhere")];
    let (succeeded, text) = run(&app, &wrong, &["config", "check"]).await;
    assert!(
        !succeeded && text.contains("LATCHKEY_ENV must be demo or production."),
        "{text}"
    );
}
