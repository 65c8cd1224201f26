//! How the server reaches PostgreSQL: encryption, passwords, sockets, restarts. Each test starts a PostgreSQL of its own,
//! where it is installed.

use std::{cell::RefCell, path::Path, process::Command, time::Duration};

use server::database::query;
use sqlx::{Connection as _, PgConnection};

use crate::harness::{PostgresServer, TestApp, file_url, open};

/// A certificate for `localhost` with its key, of the authority in the next file.
const CERTIFICATE: &[u8] = include_bytes!("../fixtures/localhost_of_company_ca.pem");
const AUTHORITY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/company_ca.pem");

#[tokio::test]
async fn a_certificate_must_be_of_a_known_authority_and_for_the_name() {
    let files = [("server.pem", CERTIFICATE)];
    let tls = [
        "ssl=on",
        "ssl_cert_file=FOLDER/server.pem",
        "ssl_key_file=FOLDER/server.pem",
    ];
    let Some(server) = PostgresServer::start(&files, &tls).await else {
        return;
    };
    let url = |host: &str, query: &str| {
        format!(
            "postgres://postgres@{host}:{}/postgres?sslmode=verify-full{query}",
            server.port
        )
    };
    let known = format!("&sslrootcert={AUTHORITY}");
    for (host, query) in [("localhost", ""), ("127.0.0.1", known.as_str())] {
        let refused = format!("{:#}", open(&url(host, query)).await.unwrap_err());
        assert!(refused.contains("certificate"), "{host}: {refused}");
    }
    let database = open(&url("localhost", &known)).await.unwrap();
    let mut tx = database.write().await.unwrap();
    let is_encrypted = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()";
    let is_encrypted: bool = query(is_encrypted).fetch_one(&mut tx).await.unwrap();
    assert!(is_encrypted);
}

#[tokio::test]
async fn a_server_without_encryption_is_refused_where_it_is_required() {
    let Some(server) = PostgresServer::start(&[], &[]).await else {
        return;
    };
    let url = format!("{}?sslmode=verify-full", server.url());
    let refused = format!("{:#}", open(&url).await.unwrap_err());
    assert!(refused.contains("TLS"), "{refused}");
}

#[tokio::test]
async fn a_socket_is_a_way_to_the_server() {
    let Some(server) = PostgresServer::start(&[], &[]).await else {
        return;
    };
    let (folder, port) = (server.path().display(), server.port);
    let url = format!("postgres:///postgres?host={folder}&port={port}&user=postgres");
    open(&url).await.unwrap().close().await;
}

#[tokio::test]
async fn a_password_comes_from_the_file_of_libpq() {
    let hba = b"host all alice 127.0.0.1/32 scram-sha-256\nhost all postgres 127.0.0.1/32 trust\n";
    let files = [("hba.conf", hba.as_slice())];
    let Some(server) = PostgresServer::start(&files, &["hba_file=FOLDER/hba.conf"]).await else {
        return;
    };
    let mut outside = PgConnection::connect(&server.url()).await.unwrap();
    for sql in [
        "CREATE ROLE alice LOGIN PASSWORD 'hunter2-secret'",
        "CREATE DATABASE alice OWNER alice",
    ] {
        sqlx::raw_sql(sql).execute(&mut outside).await.unwrap();
    }
    let folder = tempfile::tempdir().unwrap();
    let from = file_url(folder.path());
    open(&from).await.unwrap().close().await;
    let password = folder.path().join("password");
    std::fs::write(&password, "127.0.0.1:*:*:alice:hunter2-secret\n").unwrap();
    private(&password);

    let to = format!("postgres://alice@127.0.0.1:{}/alice", server.port);
    let migrate = |file: Option<&Path>| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_latchkey"));
        command
            .env_clear()
            .args(["migrate", "--from", &from, "--to", &to]);
        command.envs(file.map(|file| ("PGPASSFILE", file)));
        let output = command.output().unwrap();
        (
            output.status.success(),
            String::from_utf8_lossy(&output.stderr).into_owned(),
        )
    };
    let (succeeded, printed) = migrate(None);
    assert!(!succeeded && printed.contains("password"), "{printed}");
    let (succeeded, printed) = migrate(Some(&password));
    assert!(succeeded, "{printed}");
}

fn private(file: &Path) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(file, std::fs::Permissions::from_mode(0o600)).unwrap();
}

#[tokio::test]
async fn a_restart_under_load_is_an_outage_that_ends_by_itself() {
    let Some(mut server) = PostgresServer::start(&[], &[]).await else {
        return;
    };
    let app = TestApp::start_with(&[("DATABASE_URL", &server.url())]).await;
    let dana = app.signed_in().await;
    let statuses = RefCell::new(Vec::new());
    let load = async {
        loop {
            let status = dana.get("/account").await.status;
            statuses.borrow_mut().push(status);
        }
    };
    let meets = async |status: u16| {
        while !statuses.borrow().contains(&status) {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    let restart = async {
        meets(200).await;
        server.stop();
        assert_eq!(app.anonymous().get("/health/live").await.status, 200);
        assert_eq!(app.anonymous().get("/login").await.status, 200);
        assert_eq!(dana.get("/account").await.status, 503);
        assert_eq!(app.readiness().await, 503);
        meets(503).await;
        server.resume().await;
        let mut tries = 0;
        while dana.get("/account").await.status != 200 {
            tries += 1;
            assert!(tries < 500, "it does not recover");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::select! {
        () = load => {}
        () = restart => {}
    }
    let others = |status: &&u16| ![200, 503].contains(*status);
    assert_eq!(statuses.borrow().iter().find(others), None);
    app.becomes_ready().await;
}
