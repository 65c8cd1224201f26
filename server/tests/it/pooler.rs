//! A real PgBouncer in transaction mode before PostgreSQL. These tests run where both are installed.

use std::{
    fs,
    net::TcpStream,
    path::Path,
    process::{Child, Stdio},
    time::Duration,
};

use futures_util::future::join_all;
use postgresql::as_user;
use server::database::move_deployment;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};
use tempfile::TempDir;

use crate::harness::{
    Browser, PASSWORD, TestApp, create_database, file_url, free_address, open, open_with, postgres,
    shared_folder,
};

/// The server connections of the pooler, for more clients than that.
const POOL: usize = 3;

const PLACES: [&str; 3] = [
    "/usr/sbin/pgbouncer",
    "/usr/bin/pgbouncer",
    "/usr/local/bin/pgbouncer",
];

/// A running PgBouncer before a database of its own; killed when dropped.
struct PgBouncer {
    /// The URL of the database, through the pooler.
    url: String,
    /// The same, without it.
    direct: String,
    process: Child,
    _folder: TempDir,
}

impl PgBouncer {
    /// `None`, with a line that says so, without PgBouncer or PostgreSQL.
    async fn start(settings: &str) -> Option<Self> {
        let program = PLACES.iter().map(Path::new).find(|place| place.is_file());
        let (Some(program), Some(server)) = (program, postgres()) else {
            eprintln!("no PgBouncer or not on PostgreSQL: nothing to test");
            return None;
        };
        let addr = free_address();
        let folder = shared_folder();
        let name = format!("pooled_{}_{}", std::process::id(), addr.port());
        let direct = create_database(&server, &name, "").await;
        let place = url::Url::parse(&direct).unwrap();
        let file = folder.path().join("pgbouncer.ini");
        let configuration = format!(
            "[databases]\n{name} = host={} port={} dbname={name} user={}\n\
             [pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {}\nunix_socket_dir =\nauth_type = any\n\
             pool_mode = transaction\ndefault_pool_size = {POOL}\nmax_client_conn = 200\n{settings}\n",
            place.host_str().unwrap(),
            place.port().unwrap_or(5432),
            place.username(),
            addr.port(),
        );
        fs::write(&file, configuration).unwrap();
        let mut command = as_user(program);
        command
            .arg(&file)
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let process = command.spawn().unwrap();
        for _ in 0..500 {
            if TcpStream::connect(addr).is_ok() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        Some(Self {
            url: format!("postgres://{}@{addr}/{name}", place.username()),
            direct,
            process,
            _folder: folder,
        })
    }

    /// The error of a start with these settings besides `DATABASE_URL`.
    async fn refusal(&self, settings: &[(&str, &str)]) -> String {
        let settings = [&[("DATABASE_URL", self.url.as_str())], settings].concat();
        format!("{:#}", open_with(&settings).await.unwrap_err())
    }

    async fn execute(&self, sql: &'static str) {
        let mut direct = PgConnection::connect(&self.direct).await.unwrap();
        sqlx::raw_sql(sql).execute(&mut direct).await.unwrap();
    }
}

impl Drop for PgBouncer {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// What operators set so that clients connect that send more than PgBouncer knows.
const IGNORING: &str = "ignore_startup_parameters = extra_float_digits,options";

const POOLED: (&str, &str) = ("LATCHKEY_DATABASE_POOLER", "transaction");

#[tokio::test]
async fn a_pooler_that_the_settings_do_not_name_is_recognized_and_refused() {
    for settings in ["", IGNORING] {
        let Some(pooler) = PgBouncer::start(settings).await else {
            return;
        };
        // A limit that the database sets itself is none of our connection.
        let name = pooler.direct.rsplit_once('/').unwrap().1;
        let mut direct = PgConnection::connect(&pooler.direct).await.unwrap();
        let limit = format!("ALTER DATABASE {name} SET statement_timeout = '5s'");
        sqlx::raw_sql(AssertSqlSafe(limit))
            .execute(&mut direct)
            .await
            .unwrap();
        let refused = pooler.refusal(&[]).await;
        assert!(
            refused.contains("LATCHKEY_DATABASE_POOLER=transaction"),
            "{settings}: {refused}"
        );
        assert!(
            refused.contains("LATCHKEY_DATABASE_MIGRATION_URL"),
            "{settings}: {refused}"
        );
        let folder = tempfile::tempdir().unwrap();
        let from = file_url(folder.path());
        open(&from).await.unwrap().close().await;
        let (from, to) = (from.into(), pooler.url.clone().into());
        let refused = move_deployment(&from, &to, &mut |_| {}).await.unwrap_err();
        assert!(
            format!("{refused:#}").contains("there is a pooler"),
            "{refused:#}"
        );
    }
}

#[tokio::test]
async fn more_clients_than_connections_each_get_their_own_rows() {
    const USERS: usize = 24;
    for settings in ["", IGNORING] {
        let Some(pooler) = PgBouncer::start(settings).await else {
            return;
        };
        let app = TestApp::start_with(&[
            ("DATABASE_URL", &pooler.url),
            POOLED,
            ("LATCHKEY_DATABASE_MIGRATION_URL", &pooler.direct),
            ("LATCHKEY_DATABASE_CONNECTIONS", "16"),
        ])
        .await;
        app.execute(
            "INSERT INTO users (id, email, email_key, email_verified_at, display_name, password_hash, created_at)
             SELECT 'user' || i, 'user' || i || '@example.test', 'user' || i || '@example.test', 1,
                    'Name of user' || i || '.', password_hash, 1
             FROM users, generate_series(1, 24) AS i WHERE email_key = 'demo@latchkey.localhost'",
        )
        .await;
        let clients = (1..=USERS).map(async |user| {
            let browser = app.anonymous();
            let email = format!("user{user}@example.test");
            let mut right = 0;
            for _ in 0..3 {
                assert_eq!(browser.sign_in(&email, PASSWORD).await.status, 303);
                for _ in 0..8 {
                    assert_own(&browser, user).await;
                    right += 1;
                }
                assert_eq!(browser.post("/logout", &[]).await.status, 303);
                assert!(!browser.is_signed_in().await);
            }
            right
        });
        let right: usize = join_all(clients).await.into_iter().sum();
        assert_eq!(right, USERS * 24);
        assert_eq!(app.readiness().await, 200);
    }
}

/// The account page shows this user and no other.
async fn assert_own(browser: &Browser, user: usize) {
    let response = browser.get("/account").await;
    assert_eq!(response.status, 200, "{}", response.body);
    let names = response.body.matches("Name of user").count();
    let own = response
        .body
        .matches(&format!("Name of user{user}."))
        .count();
    assert!(own > 0 && own == names, "user {user}: {}", response.body);
}

#[tokio::test]
async fn without_a_direct_url_only_the_schema_of_this_version_is_served() {
    let Some(pooler) = PgBouncer::start("").await else {
        return;
    };
    let refused = pooler.refusal(&[POOLED]).await;
    assert!(
        refused.contains("its schema is not there; set LATCHKEY_DATABASE_MIGRATION_URL"),
        "{refused}"
    );

    let direct = open_with(&[("DATABASE_URL", &pooler.direct)])
        .await
        .unwrap();
    direct.close().await;
    let pooled = [("DATABASE_URL", pooler.url.as_str()), POOLED];
    open_with(&pooled).await.unwrap().close().await;

    for (change, sentence) in [
        (
            "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
             VALUES (9999, 'from the future', TRUE, '', 0)",
            "was migrated by a newer version",
        ),
        (
            "DELETE FROM _sqlx_migrations WHERE version >= 10",
            "is older than this version; set LATCHKEY_DATABASE_MIGRATION_URL",
        ),
        (
            "DELETE FROM _sqlx_migrations",
            "is older than this version; set LATCHKEY_DATABASE_MIGRATION_URL",
        ),
    ] {
        pooler.execute(change).await;
        let refused = pooler.refusal(&[POOLED]).await;
        assert!(refused.contains(sentence), "{change}: {refused}");
    }
}
