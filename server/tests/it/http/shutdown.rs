//! The process ends when it is told to, and every change that it had acknowledged is there after a restart.

use std::{
    io::{Read as _, Write as _},
    time::Duration,
};

use sandbox::Running;
use tempfile::TempDir;

use crate::harness::{
    Connection, DANA, GOOD_PASSWORD, PASSWORD, Process, TestApp, free_address, status, token_in,
};

async fn sandbox() -> (Running, TempDir) {
    let sandbox = sandbox::start(sandbox::Config::ephemeral()).await.unwrap();
    (sandbox, tempfile::tempdir().unwrap())
}

#[tokio::test]
async fn no_half_sent_request_keeps_the_process_from_ending() {
    let (sandbox, folder) = sandbox().await;
    let settings = [("LATCHKEY_SHUTDOWN_SECONDS", "1")];
    let process = Process::start(&sandbox, folder.path(), &settings).await;
    let host = format!("login.latchkey.localhost:{}", process.addr.port());
    let mut open = Vec::new();
    for sent in [
        String::new(),
        format!("GET /health/live HTTP/1.1\r\nhost: {host}\r\n\r\n"),
        format!("GET /login HTTP/1.1\r\nhost: {host}\r\n"),
        format!(
            "POST /login HTTP/1.1\r\nhost: {host}\r\norigin: http://{host}\r\ncontent-length: 9\r\n\
             content-type: application/x-www-form-urlencoded\r\n\r\nemail"
        ),
    ] {
        let mut connection = Connection::open(process.addr).await;
        connection.send(sent).await;
        open.push(connection);
    }
    assert_eq!(status(&open[1].some().await), 200);
    process.terminate();
    let (ended, log) = process.ended().await;
    assert!(ended.success(), "{ended}: {log}");
}

#[tokio::test]
async fn a_request_in_flight_is_answered_and_new_ones_are_refused() {
    let (sandbox, folder) = sandbox().await;
    let process = Process::start(&sandbox, folder.path(), &[]).await;
    let host = format!("login.latchkey.localhost:{}", process.addr.port());
    let mut slow = Connection::open(process.addr).await;
    slow.send(format!(
        "POST /login HTTP/1.1\r\nhost: {host}\r\norigin: http://{host}\r\nexpect: 100-continue\r\n\
         content-type: application/x-www-form-urlencoded\r\ncontent-length: 7\r\n\r\n"
    ))
    .await;
    // The handler has asked for the body, so the request is in flight.
    assert!(slow.some().await.starts_with("HTTP/1.1 100"));
    process.terminate();
    while tokio::net::TcpStream::connect(process.addr).await.is_ok() {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    slow.send("email=x").await;
    assert_eq!(status(&slow.rest().await), 422);
    let (ended, log) = process.ended().await;
    assert!(ended.success(), "{ended}: {log}");
}

/// The server has accepted the connection, and its shutdown begins before it reads the request, since this test's
/// thread is its only one.
#[tokio::test]
async fn a_request_that_arrives_as_the_shutdown_begins_is_answered() {
    let app = TestApp::start().await;
    let (stop, stopped) = tokio::sync::oneshot::channel();
    let stopped = async move { stopped.await.unwrap() };
    let (browser, (mut tasks, _workers)) = app.restarted_until(stopped, &[]).await;
    let mut client = std::net::TcpStream::connect(("127.0.0.1", browser.port)).unwrap();
    tokio::time::sleep(Duration::from_millis(200)).await;
    let host = format!("login.latchkey.localhost:{}", browser.port);
    let request = format!("GET /health/live HTTP/1.1\r\nhost: {host}\r\n\r\n");
    client.write_all(request.as_bytes()).unwrap();
    stop.send(()).unwrap();
    tasks.join_next().await.unwrap().unwrap();
    let mut response = String::new();
    client.read_to_string(&mut response).unwrap();
    assert_eq!(status(&response), 200);
}

#[tokio::test]
async fn a_second_signal_ends_it_at_once() {
    let (sandbox, folder) = sandbox().await;
    let settings = [("LATCHKEY_SHUTDOWN_SECONDS", "300")];
    let process = Process::start(&sandbox, folder.path(), &settings).await;
    let host = format!("login.latchkey.localhost:{}", process.addr.port());
    let mut stuck = Connection::open(process.addr).await;
    stuck
        .send(format!(
            "POST /login HTTP/1.1\r\nhost: {host}\r\norigin: http://{host}\r\nexpect: 100-continue\r\n\
             content-type: application/x-www-form-urlencoded\r\ncontent-length: 7\r\n\r\n"
        ))
        .await;
    assert!(stuck.some().await.starts_with("HTTP/1.1 100"));
    process.terminate();
    while tokio::net::TcpStream::connect(process.addr).await.is_ok() {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    process.terminate();
    let (ended, log) = process.ended().await;
    assert_eq!(ended.code(), Some(1), "{log}");
}

#[tokio::test]
async fn users_and_sessions_survive_a_crash() {
    let (sandbox, folder) = sandbox().await;
    let email = "new@example.test";
    let first = Process::start(&sandbox, folder.path(), &[]).await;
    let (dana, gone) = (first.anonymous(), first.anonymous());
    dana.sign_in(DANA, PASSWORD).await;
    gone.sign_in(DANA, PASSWORD).await;
    let dead = gone.cookie("latchkey").unwrap();
    gone.post("/logout", &[]).await;
    gone.register(email, "New One", GOOD_PASSWORD).await;
    while sandbox.mailbox().messages_for(email).is_empty() {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let token = token_in(&sandbox.mailbox().messages_for(email)[0].text);
    assert_eq!(
        gone.post("/verify-email", &[("token", &token)])
            .await
            .status,
        303
    );
    first.killed();

    let second = Process::start(&sandbox, folder.path(), &[]).await;
    let browser = second.anonymous();
    browser.set_cookie("latchkey", &dana.cookie("latchkey").unwrap());
    assert!(browser.get("/account").await.body.contains("Dana Demo"));
    browser.set_cookie("latchkey", &dead);
    assert!(
        !browser.is_signed_in().await,
        "a signed-out session is back"
    );
    assert_eq!(browser.sign_in(email, GOOD_PASSWORD).await.status, 303);
}

#[tokio::test]
async fn a_port_in_use_is_named_with_what_to_do() {
    let (sandbox, folder) = sandbox().await;
    let first = Process::start(&sandbox, folder.path(), &[]).await;
    let second = Process::launch(first.addr, &sandbox, folder.path(), &[]);
    let (ended, log) = second.ended().await;
    assert_eq!(ended.code(), Some(1));
    assert!(
        log.contains(&first.addr.to_string()) && log.contains("LATCHKEY_ADDR"),
        "{log}"
    );
    assert_eq!(first.anonymous().get("/login").await.status, 200);
}

#[tokio::test]
async fn a_wrong_setting_stops_the_start_without_its_value() {
    let (sandbox, folder) = sandbox().await;
    let settings = [
        ("LATCHKEY_ENV", "canary-1"),
        ("LATCHKEY_SITE_ORIGIN", "canary-2"),
    ];
    let process = Process::launch(free_address(), &sandbox, folder.path(), &settings);
    let (ended, log) = process.ended().await;
    assert_eq!(ended.code(), Some(1));
    assert!(
        log.contains("LATCHKEY_ENV") && log.contains("LATCHKEY_SITE_ORIGIN"),
        "{log}"
    );
    assert!(!log.contains("canary"), "{log}");
}
