//! What differs between PostgreSQL and SQLite. These tests run on PostgreSQL alone (`LATCHKEY_TEST_POSTGRES`).

use std::time::Duration;

use futures_util::future::join_all;
use server::database::{StorageError, query};
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};
use tokio::time::timeout;

use crate::harness::{
    Browser, DANA, GOOD_PASSWORD, PASSWORD, TestApp, create_database, free_address, open, postgres,
};

/// An app on PostgreSQL; `None`, with a line that says so, without one.
async fn app() -> Option<TestApp> {
    if postgres().is_none() {
        eprintln!("not on PostgreSQL: nothing to test");
        return None;
    }
    Some(TestApp::start().await)
}

/// Ends all connections of this test's server from outside, as a restart of PostgreSQL does.
async fn end_connections(app: &TestApp) -> i64 {
    let mut outside = PgConnection::connect(&postgres().unwrap()).await.unwrap();
    let schema = app.schema();
    let end = "SELECT COUNT(*) FROM (SELECT pg_terminate_backend(pid) FROM pg_stat_activity
               WHERE pid <> pg_backend_pid() AND pid IN
                   (SELECT pid FROM pg_locks JOIN pg_class ON relation = pg_class.oid
                    JOIN pg_namespace ON relnamespace = pg_namespace.oid WHERE nspname = $1)) AS ended";
    sqlx::query_scalar(end)
        .bind(schema)
        .fetch_one(&mut outside)
        .await
        .unwrap()
}

#[tokio::test]
async fn a_transaction_whose_connection_is_lost_keeps_nothing_and_the_next_request_works() {
    let Some(app) = app().await else { return };
    let dana = app.signed_in().await;
    let mut tx = app.state.database.write().await.unwrap();
    query("DELETE FROM sessions")
        .execute(&mut tx)
        .await
        .unwrap();
    assert_eq!(end_connections(&app).await, 1);
    let lost = query("DELETE FROM users")
        .execute(&mut tx)
        .await
        .unwrap_err();
    assert!(matches!(lost, StorageError::Unavailable(_)), "{lost}");
    let lost = tx.commit().await.unwrap_err();
    assert!(matches!(lost, StorageError::Unavailable(_)), "{lost}");
    assert!(dana.is_signed_in().await);
    assert_eq!(app.anonymous().sign_in(DANA, PASSWORD).await.status, 303);
}

#[tokio::test]
async fn a_lock_that_is_not_free_in_time_is_an_outage_and_no_bug() {
    let Some(app) = app().await else { return };
    let mut holder = app.state.database.write().await.unwrap();
    query("LOCK TABLE sessions IN ACCESS EXCLUSIVE MODE")
        .execute(&mut holder)
        .await
        .unwrap();
    let response = app.anonymous().sign_in(DANA, PASSWORD).await;
    assert_eq!(response.status, 503);
    assert!(!response.header("retry-after").is_empty());
    drop(holder);
    app.signed_in().await;
}

#[tokio::test]
async fn a_statement_that_takes_too_long_is_ended_and_no_bug() {
    let Some(app) = app().await else { return };
    let slow = query("SELECT COUNT(*) FROM (SELECT pg_sleep(60)) AS slow");
    let ended = slow.fetch_one::<i64>(app.state.database.read()).await;
    assert!(
        matches!(ended, Err(StorageError::Unavailable(_))),
        "{ended:?}"
    );
    app.signed_in().await;
}

#[tokio::test]
async fn a_transaction_that_is_idle_too_long_is_ended_and_the_next_request_works() {
    let Some(app) = app().await else { return };
    let dana = app.signed_in().await;
    let mut tx = app.state.database.write().await.unwrap();
    let limit = "SELECT current_setting('idle_in_transaction_session_timeout')";
    let limit: String = query(limit).fetch_one(&mut tx).await.unwrap();
    assert_eq!(limit, "10s");
    let process = "SELECT pg_backend_pid()::bigint";
    let process: i64 = query(process).fetch_one(&mut tx).await.unwrap();
    for sql in [
        "DELETE FROM sessions",
        "SET LOCAL idle_in_transaction_session_timeout = '100ms'",
    ] {
        query(sql).execute(&mut tx).await.unwrap();
    }
    has_ended(process).await;
    let ended = tx.commit().await;
    assert!(
        matches!(ended, Err(StorageError::Unavailable(_))),
        "{ended:?}"
    );
    for _ in 0..8 {
        assert!(dana.is_signed_in().await);
    }
}

/// Waits until PostgreSQL has ended a connection, by the number of its process.
async fn has_ended(process: i64) {
    let mut outside = PgConnection::connect(&postgres().unwrap()).await.unwrap();
    for _ in 0..1000 {
        let running = "SELECT COUNT(*) FROM pg_stat_activity WHERE pid = $1";
        let running: i64 = sqlx::query_scalar(running)
            .bind(process)
            .fetch_one(&mut outside)
            .await
            .unwrap();
        if running == 0 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("PostgreSQL does not end the connection");
}

/// Addresses, and whether the second one signs in a user who has registered with the first.
const ADDRESSES: [(&str, &str, bool); 5] = [
    (
        "Ada.Lovelace@Example.test",
        "ada.lovelace@example.TEST",
        true,
    ),
    (
        "ada-lovelace@example.test",
        "adalovelace@example.test",
        false,
    ),
    ("co.op@example.test", "coop@example.test", false),
    ("resume@example.test", "résumé@example.test", false),
    (
        "under_score@example.test",
        "underXscore@example.test",
        false,
    ),
];

#[tokio::test]
async fn addresses_are_equal_under_every_collation_as_in_a_file() {
    let Some(server) = postgres() else { return };
    let unique = free_address().port();
    let name = format!("collated_{}_{unique}", std::process::id());
    let icu = "TEMPLATE template0 LOCALE 'C' LOCALE_PROVIDER icu ICU_LOCALE 'en-US-u-ks-level1'";
    let url = create_database(&server, &name, icu).await;
    for app in [
        TestApp::start_with(&[("DATABASE_URL", &url)]).await,
        TestApp::start_on_file().await,
    ] {
        for (registered, other, is_equal) in ADDRESSES {
            app.register(registered, GOOD_PASSWORD).await;
            app.signed_in_as(registered, GOOD_PASSWORD).await;
            let response = app.anonymous().sign_in(other, GOOD_PASSWORD).await;
            assert_eq!(response.status == 303, is_equal, "{other}: {response:?}");
        }
    }
}

#[tokio::test]
async fn requests_beyond_the_pool_wait_and_then_are_told_to_come_back() {
    let Some(app) = app().await else { return };
    let dana = app.signed_in().await;
    let mut taken = Vec::new();
    for _ in 0..6 {
        taken.push(app.state.database.write().await.unwrap());
    }
    assert_eq!(dana.get("/account").await.status, 503);
    assert_eq!(app.anonymous().get("/health/live").await.status, 200);
    taken.clear();
    assert_eq!(dana.get("/account").await.status, 200);
}

#[tokio::test]
async fn of_many_who_redeem_one_reset_link_one_wins() {
    let Some(app) = app().await else { return };
    let token = app.reset_token(DANA).await;
    let browsers: Vec<Browser> = (0..12).map(|_| app.anonymous()).collect();
    let tries = browsers.iter().map(async |browser| {
        let form = [("token", token.as_str()), ("new_password", GOOD_PASSWORD)];
        browser.post("/reset-password", &form).await.status
    });
    let statuses = join_all(tries).await;
    let won = statuses.iter().filter(|status| **status == 303).count();
    assert_eq!(won, 1, "{statuses:?}");
    assert!(statuses.iter().all(|status| [303, 410].contains(status)));
}

#[tokio::test]
async fn three_workers_send_each_mail_once() {
    let Some(app) = app().await else { return };
    let (_, _second) = app.restarted(&[]).await;
    let (_, _third) = app.restarted(&[]).await;
    for i in 0..8 {
        let email = format!("user{i}@example.test");
        let response = app.anonymous().register(&email, "Ada", GOOD_PASSWORD).await;
        assert!(response.status < 400, "{}", response.body);
    }
    for i in 0..8 {
        assert_eq!(app.mails_to(&format!("user{i}@example.test")).await, 1);
    }
}

#[tokio::test]
async fn servers_that_start_together_migrate_once() {
    let Some(app) = app().await else { return };
    let schema = format!("{}_new", app.schema());
    let mut outside = PgConnection::connect(&postgres().unwrap()).await.unwrap();
    let create = AssertSqlSafe(format!("CREATE SCHEMA {schema}"));
    sqlx::raw_sql(create).execute(&mut outside).await.unwrap();
    let url = format!("{}?options[search_path]={schema}", postgres().unwrap());
    for opened in join_all((0..4).map(|_| open(&url))).await {
        opened.unwrap().close().await;
    }
    let count = AssertSqlSafe(format!("SELECT COUNT(*) FROM {schema}._sqlx_migrations"));
    let migrations: i64 = sqlx::query_scalar(count)
        .fetch_one(&mut outside)
        .await
        .unwrap();
    let expected = app.count("SELECT COUNT(*) FROM _sqlx_migrations").await;
    assert_eq!(migrations, expected);
}

#[tokio::test]
async fn a_password_in_the_url_is_in_no_message() {
    if postgres().is_none() {
        return;
    }
    for url in [
        "postgres://latchkey:hunter2-secret@127.0.0.1:1/none",
        "postgres://latchkey:hunter2-secret@127.0.0.1:x/none",
    ] {
        let error = open(url).await.unwrap_err();
        let error = format!("{error:#} {error:?}");
        assert!(!error.contains("hunter2"), "{error}");
    }
}

#[tokio::test]
async fn readers_and_writers_share_the_connections_and_none_goes_astray() {
    let Some(app) = app().await else { return };
    let database = &app.state.database;
    let read = async || {
        let one: i64 = query("SELECT CAST(1 AS BIGINT)")
            .fetch_one(database.read())
            .await?;
        assert_eq!(one, 1);
        Ok::<_, StorageError>(())
    };
    let write = async || {
        let mut tx = database.write().await?;
        query("DELETE FROM limits WHERE key = 'none'")
            .execute(&mut tx)
            .await?;
        tx.commit().await
    };
    for _ in 0..20 {
        // Given up in the middle, refused, and undone: none of these connections may go on as it is.
        let given_up = timeout(Duration::from_millis(2), read());
        let refused = query("SELECT nothing FROM nowhere").fetch_optional::<i64>(database.read());
        let (_, refused, undone) = tokio::join!(given_up, refused, database.write());
        assert!(matches!(refused, Err(StorageError::Failed(_))));
        drop(undone.unwrap());
        let (reads, writes) = tokio::join!(
            join_all((0..30).map(|_| read())),
            join_all((0..30).map(|_| write()))
        );
        for outcome in reads.into_iter().chain(writes) {
            outcome.unwrap();
        }
    }
}
