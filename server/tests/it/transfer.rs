//! A deployment moves to another database while a server runs on the first one: nothing acknowledged is lost, nothing is
//! half.

use std::{
    fs,
    io::{BufRead, BufReader},
    process::{Command, Output, Stdio},
    sync::atomic::{AtomicBool, Ordering},
};

use secrecy::SecretString;
use server::database::{Moved, Progress, Reader, move_deployment, query};
use sqlx::{AssertSqlSafe, Connection as _, SqliteConnection, sqlite::SqliteConnectOptions};
use tempfile::TempDir;
use tokio::sync::Notify;

use crate::{
    harness::{
        Browser, DANA, GOOD_PASSWORD, PASSWORD, TestApp, database_url, file_url, open, postgres,
        settings,
    },
    oauth::sign_in_as,
};

/// A database that does not exist yet.
struct Place {
    url: String,
    folder: TempDir,
}

fn file() -> Place {
    let folder = tempfile::tempdir().unwrap();
    Place {
        url: file_url(folder.path()),
        folder,
    }
}

fn schema() -> Place {
    let folder = tempfile::tempdir().unwrap();
    Place {
        url: database_url(folder.path()),
        folder,
    }
}

/// From where to where deployments move: with PostgreSQL in every direction, without it from file to file.
fn ways() -> Vec<(Place, Place)> {
    let mut ways = vec![(file(), file())];
    if postgres().is_some() {
        ways.extend([(file(), schema()), (schema(), file()), (schema(), schema())]);
    }
    ways
}

async fn started(on: &Place) -> TestApp {
    TestApp::start_with(&[("DATABASE_URL", &on.url)]).await
}

async fn moved(from: &str, to: &str) -> anyhow::Result<Moved> {
    let (from, to) = (SecretString::from(from), SecretString::from(to));
    move_deployment(&from, &to, &mut |_| {}).await
}

async fn refusal(from: &str, to: &str) -> String {
    format!("{:#}", moved(from, to).await.unwrap_err())
}

/// Begins a move and drops it after some rows of users, as if the process had ended.
async fn interrupted(from: &str, to: &str, after: u64) {
    let enough = Notify::new();
    let (from, to) = (SecretString::from(from), SecretString::from(to));
    let mut watch = |progress: Progress<'_>| match progress {
        Progress::Rows { table, rows } if table == "users" && rows >= after => enough.notify_one(),
        _ => {}
    };
    tokio::select! {
        biased;
        () = enough.notified() => {}
        moved = move_deployment(&from, &to, &mut watch) => panic!("it was not interrupted: {moved:?}"),
    }
}

/// Values that every row of its table has, of all tables.
const CONTENTS: [&str; 10] = [
    "SELECT id || email || email_key || display_name || COALESCE(password_hash, '-') FROM users",
    "SELECT id || attempt || email || COALESCE(token_hash, '-') FROM registrations",
    "SELECT user_id || token_hash FROM password_resets",
    "SELECT id_hash || COALESCE(user_id, '-') || data FROM sessions",
    "SELECT key || free_at || failures FROM limits",
    "SELECT id || kind || recipient || due_at FROM mails",
    "SELECT chat_box_id || origin FROM chat_box_origins",
    "SELECT id || user_id || issuer || subject FROM identities",
    "SELECT code_hash || session_hash || sealed FROM handoff_codes",
    "SELECT state_hash || COALESCE(taken_at, 0) FROM oauth_flows",
];

/// What the source of a move holds: a file is not at its path any more.
async fn contents_of_source(app: &TestApp, from: &Place) -> Vec<Vec<String>> {
    let Some(path) = from.url.strip_prefix("sqlite://") else {
        return contents(app.state.database.read()).await;
    };
    let copy = format!("{path}.copy");
    fs::copy(format!("{path}.moved"), &copy).unwrap();
    let kept = open(&format!("sqlite://{copy}")).await.unwrap();
    contents(kept.read()).await
}

async fn contents(database: &Reader) -> Vec<Vec<String>> {
    let mut contents = Vec::new();
    for sql in CONTENTS {
        let mut rows: Vec<String> = query(sql).fetch_all(database).await.unwrap();
        rows.sort();
        contents.push(rows);
    }
    contents
}

/// Users without a password, in ten pages and a part of one.
const MANY_USERS: &str = "INSERT INTO users (id, email, email_key, display_name, created_at)
    WITH RECURSIVE numbers (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM numbers WHERE i < 5123)
    SELECT 'user' || i, 'user' || i || '@example.test', 'user' || i || '@example.test', 'User', i FROM numbers";

const TWICE_AS_MANY: &str = "INSERT INTO users (id, email, email_key, display_name, created_at)
    SELECT id || 'x', email || 'x', email_key || 'x', display_name, created_at FROM users";
const AND_TWICE: &str = "INSERT INTO users (id, email, email_key, display_name, created_at)
    SELECT id || 'y', email || 'y', email_key || 'y', display_name, created_at FROM users";

/// Rows in the tables that the use cases here leave empty.
const OTHER_ROWS: [&str; 4] = [
    "INSERT INTO user_attributes (user_id, name, value) SELECT id, 'plan', '\"gold\"' FROM users",
    "INSERT INTO shared_keys (name, value) VALUES ('decoys', 'key') ON CONFLICT DO NOTHING",
    "INSERT INTO handoff_codes (code_hash, session_hash, chat_box_id, challenge, sealed, expires_at)
     SELECT 'hash', id_hash, 'cb_demo', 'challenge', 'sealed', 9223372036854775807 FROM sessions LIMIT 1",
    "INSERT INTO mails (id, kind, recipient, attempts, due_at, created_at)
     SELECT 'later', 'reset', email, 0, created_at + 1800000, created_at FROM users
     WHERE email_key = 'demo@latchkey.localhost'",
];

/// Signs in until the move has ended; returns the browsers that are signed in. Afterwards, the server stores nothing.
async fn sign_in_while(app: &TestApp, has_ended: &AtomicBool) -> Vec<Browser> {
    let mut signed_in = Vec::new();
    loop {
        let is_last = has_ended.load(Ordering::Relaxed);
        let browser = app.anonymous();
        let status = browser.sign_in(DANA, PASSWORD).await.status;
        match (status, is_last) {
            (503, true) => return signed_in,
            (303, false) => signed_in.push(browser),
            (503, false) => {}
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn a_living_deployment_moves_with_all_that_it_has_acknowledged() {
    for (from, to) in ways() {
        let app = started(&from).await;
        let dana = app.signed_in().await;
        let vera = app.anonymous();
        sign_in_as(&app, &vera, "vera-verified").await;
        let token = app.reset_token(DANA).await;
        app.anonymous().sign_in(DANA, "a wrong password").await;
        app.registration_token("ada@example.test", GOOD_PASSWORD)
            .await;
        for rows in OTHER_ROWS {
            app.execute(rows).await;
        }

        let has_ended = AtomicBool::new(false);
        let moving = async {
            let moved = moved(&from.url, &to.url).await;
            has_ended.store(true, Ordering::Relaxed);
            moved.unwrap()
        };
        let (moved, late) = tokio::join!(moving, sign_in_while(&app, &has_ended));
        assert!(!late.is_empty());
        assert!(moved.unknown.is_empty(), "{:?}", moved.unknown);
        assert_eq!(moved.tables.len(), 16, "{:?}", moved.tables);

        let target = open(&to.url).await.unwrap();
        let there = contents(target.read()).await;
        assert_eq!(there, contents_of_source(&app, &from).await);
        for (sql, rows) in CONTENTS.iter().zip(&there) {
            assert!(!rows.is_empty(), "{sql}");
        }
        target.close().await;

        let started_on_source = open(&from.url).await.unwrap_err().to_string();
        assert!(
            started_on_source.contains("has moved"),
            "{started_on_source}"
        );
        let again = refusal(&from.url, &to.url).await;
        assert!(again.contains("has moved"), "{again}");

        let (there, _running) = app.restarted(&[("DATABASE_URL", &to.url)]).await;
        for browser in [dana, vera].iter().chain(&late) {
            there.set_cookie("latchkey", &browser.session());
            assert!(there.is_signed_in().await);
        }
        let form = [("token", token.as_str()), ("new_password", GOOD_PASSWORD)];
        assert_eq!(there.post("/reset-password", &form).await.status, 303);
        assert_eq!(there.sign_in(DANA, GOOD_PASSWORD).await.status, 303);
    }
}

#[tokio::test]
async fn an_interrupted_move_goes_on_with_what_has_changed_and_no_server_starts_on_it() {
    for (from, to) in ways() {
        let app = started(&from).await;
        app.execute(MANY_USERS).await;
        app.signed_in().await;
        interrupted(&from.url, &to.url, 2000).await;

        let refused = open(&to.url).await.unwrap_err().to_string();
        assert!(refused.contains("has not ended"), "{refused}");
        assert!(app.signed_in().await.is_signed_in().await);
        for change in [
            "DELETE FROM users WHERE id = 'user7'",
            "DELETE FROM users WHERE id = 'user5000'",
            "UPDATE users SET display_name = 'Another' WHERE id = 'user8'",
            // Two users whose addresses were each other's.
            "UPDATE users SET email_key = 'none' WHERE id = 'user1'",
            "UPDATE users SET email_key = 'user1@example.test' WHERE id = 'user4999'",
            "UPDATE users SET email_key = 'user4999@example.test' WHERE id = 'user1'",
            "DELETE FROM sessions",
        ] {
            app.execute(change).await;
        }
        let dana = app.signed_in().await;
        interrupted(&from.url, &to.url, 4000).await;

        moved(&from.url, &to.url).await.unwrap();
        let target = open(&to.url).await.unwrap();
        assert_eq!(
            contents(target.read()).await,
            contents_of_source(&app, &from).await
        );
        let (there, _running) = app.restarted(&[("DATABASE_URL", &to.url)]).await;
        there.set_cookie("latchkey", &dana.session());
        assert!(there.is_signed_in().await);
    }
}

#[tokio::test]
async fn a_move_that_ended_between_its_last_steps_ends_when_it_is_run_again() {
    for (from, to) in ways() {
        let app = started(&from).await;
        let dana = app.signed_in().await;
        moved(&from.url, &to.url).await.unwrap();
        // As if the source had been retired, and the last transaction of the target undone.
        let target = open(&to.url).await.unwrap();
        let mut tx = target.write().await.unwrap();
        for undone in [
            "CREATE TABLE latchkey_unfinished_move (id BIGINT PRIMARY KEY)",
            "DELETE FROM sessions",
        ] {
            query(undone).execute(&mut tx).await.unwrap();
        }
        tx.commit().await.unwrap();
        target.close().await;

        for url in [&from.url, &to.url] {
            open(url).await.unwrap_err();
        }
        if let Some(path) = from.url.strip_prefix("sqlite://") {
            let refused = refusal(&from.url, &to.url).await;
            assert!(refused.contains("rename"), "{refused}");
            fs::rename(format!("{path}.moved"), path).unwrap();
        }
        moved(&from.url, &to.url).await.unwrap();
        let (there, _running) = app.restarted(&[("DATABASE_URL", &to.url)]).await;
        there.set_cookie("latchkey", &dana.session());
        assert!(there.is_signed_in().await);
        open(&from.url).await.unwrap_err();
    }
}

#[tokio::test]
async fn a_target_with_data_of_its_own_is_refused_and_left_alone() {
    for (from, to) in ways() {
        let source = started(&from).await;
        let target = started(&to).await;
        let dana = target.signed_in().await;
        let refused = refusal(&from.url, &to.url).await;
        assert!(refused.contains("the target is not empty"), "{refused}");
        assert!(dana.is_signed_in().await);
        assert!(source.signed_in().await.is_signed_in().await);
    }
}

#[tokio::test]
async fn a_source_that_does_not_exist_is_refused_and_not_created() {
    let (from, to) = (file(), file());
    for _ in 0..2 {
        let refused = refusal(&from.url, &to.url).await;
        assert!(refused.starts_with("--from: there is no file"), "{refused}");
    }
}

#[tokio::test]
async fn a_url_that_cannot_be_used_is_refused_without_its_password() {
    let there = file();
    open(&there.url).await.unwrap().close().await;
    for bad in [
        "postgres://latchkey:hunter2-secret@127.0.0.1:1/none",
        "postgres://latchkey:hunter2-secret@127.0.0.1:x/none",
        "mysql://latchkey:hunter2-secret@127.0.0.1/none",
    ] {
        for (from, to, option) in [(bad, &*there.url, "--from"), (&*there.url, bad, "--to")] {
            let refused = refusal(from, to).await;
            assert!(refused.starts_with(option), "{refused}");
            assert!(!refused.contains("hunter2"), "{refused}");
        }
    }
}

#[tokio::test]
async fn what_cannot_be_stored_everywhere_is_named_by_table_and_key() {
    for (value, word) in [
        ("'a' || char(0) || 'b'", "NUL"),
        ("CAST(x'ff' AS TEXT)", "utf-8"),
    ] {
        let (from, to) = (file(), file());
        let app = started(&from).await;
        app.execute(MANY_USERS).await;
        let file = SqliteConnectOptions::new().filename(from.url.replace("sqlite://", ""));
        let mut outside = SqliteConnection::connect_with(&file).await.unwrap();
        let damage = format!("UPDATE users SET display_name = {value} WHERE id = 'user77'");
        sqlx::raw_sql(AssertSqlSafe(damage))
            .execute(&mut outside)
            .await
            .unwrap();
        let refused = refusal(&from.url, &to.url).await;
        for named in ["users", "\"user77\"", "display_name", word] {
            assert!(refused.contains(named), "{named}: {refused}");
        }
        assert!(app.signed_in().await.is_signed_in().await);
    }
}

#[tokio::test]
async fn a_table_of_another_program_is_named_and_left() {
    let (from, to) = (file(), file());
    let app = started(&from).await;
    app.execute("CREATE TABLE backup_state (id BLOB)").await;
    let moved = moved(&from.url, &to.url).await.unwrap();
    assert_eq!(moved.unknown, ["backup_state"]);
}

/// `latchkey migrate` as a command.
fn migrate(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_latchkey"));
    command.env_clear().arg("migrate").args(arguments);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn printed(output: &Output) -> String {
    String::from_utf8_lossy(&[&*output.stdout, &*output.stderr].concat()).into_owned()
}

#[tokio::test]
async fn a_command_that_is_killed_goes_on_where_it_was() {
    for (from, to) in ways() {
        let app = started(&from).await;
        for users in [MANY_USERS, TWICE_AS_MANY, AND_TWICE] {
            app.execute(users).await;
        }
        let options = ["--from", &from.url, "--to", &to.url];
        let mut killed = migrate(&options).spawn().unwrap();
        let mut lines = BufReader::new(killed.stdout.take().unwrap()).lines();
        let reached = lines.find(|line| line.as_ref().unwrap() == "users: 10000 rows");
        assert!(reached.is_some());
        killed.kill().unwrap();
        killed.wait().unwrap();
        let refused = open(&to.url).await.unwrap_err().to_string();
        assert!(refused.contains("has not ended"), "{refused}");

        let ended = migrate(&options).output().unwrap();
        assert!(ended.status.success(), "{}", printed(&ended));
        let printed = printed(&ended);
        let users = printed
            .lines()
            .find(|line| line.starts_with("users "))
            .unwrap();
        assert!(users.contains(" 20500 rows  "), "{printed}");
        assert!(printed.contains("moved; set DATABASE_URL"), "{printed}");
        open(&to.url).await.unwrap().close().await;
    }
}

#[tokio::test]
async fn the_command_takes_both_urls_or_none() {
    let from = file();
    let output = migrate(&["--from", &from.url]).output().unwrap();
    assert!(!output.status.success());
    assert!(printed(&output).contains("--to"), "{}", printed(&output));
}

#[tokio::test]
async fn the_command_without_options_migrates_the_schema_and_ends() {
    let (running, new) = (started(&file()).await, file());
    let changes = [("DATABASE_URL", new.url.as_str())];
    let settings = settings(running.addr, &running.sandbox, new.folder.path(), &changes);
    let output = migrate(&[]).envs(settings).output().unwrap();
    assert!(output.status.success(), "{}", printed(&output));
    let file = SqliteConnectOptions::new().filename(new.url.replace("sqlite://", ""));
    let mut outside = SqliteConnection::connect_with(&file).await.unwrap();
    let count = "SELECT COUNT(*) FROM _sqlx_migrations";
    let migrations: i64 = sqlx::query_scalar(count)
        .fetch_one(&mut outside)
        .await
        .unwrap();
    assert_eq!(migrations, running.count(count).await);
}
