//! Clients that send slowly, partly or not at all, or do not read, are disconnected; connections beyond the
//! limit wait.

use std::time::Duration;

use tokio::time::{sleep, timeout};

use crate::harness::{Connection, TestApp, status};

/// Long enough for slow machines.
const TIMEOUT: Duration = Duration::from_secs(20);

#[tokio::test]
async fn headers_that_do_not_come_are_not_waited_for() {
    let app = TestApp::start_with(&[("LATCHKEY_HEADER_SECONDS", "1")]).await;
    let host = app.login_host();
    let answered = format!("GET /health/live HTTP/1.1\r\nhost: {host}\r\n\r\n");
    let mut waiting = tokio::task::JoinSet::new();
    for sent in [
        String::new(),
        "G".to_owned(),
        "P".to_owned(),
        "GET /login HTTP/1.1\r\n".to_owned(),
        format!("GET /login HTTP/1.1\r\nhost: {host}\r\nx-a: "),
        format!("{answered}GET /login HTTP/1.1\r\n"),
        answered,
    ] {
        let mut connection = Connection::open(app.addr).await;
        waiting.spawn(async move {
            connection.send(&sent).await;
            let closed = timeout(TIMEOUT, connection.rest()).await;
            assert!(closed.is_ok(), "still open after {sent:?}");
        });
    }
    waiting.join_all().await;
}

#[tokio::test]
async fn a_body_that_does_not_come_is_not_waited_for() {
    let app = TestApp::start_with(&[("LATCHKEY_REQUEST_SECONDS", "1")]).await;
    let head = format!(
        "POST /login HTTP/1.1\r\nhost: {}\r\norigin: {}\r\n\
         content-type: application/x-www-form-urlencoded\r\ncontent-length: 100\r\n\r\nemail=",
        app.login_host(),
        app.login_origin()
    );
    let mut connection = Connection::open(app.addr).await;
    connection.send(head).await;
    let answer = timeout(TIMEOUT, connection.some()).await.unwrap();
    assert_eq!(status(&answer), 503, "{answer}");
    let closed = timeout(TIMEOUT, connection.rest()).await;
    assert!(closed.is_ok(), "the rest of the body is still waited for");
}

#[tokio::test]
async fn a_client_that_does_not_read_is_not_waited_for() {
    let app = TestApp::start_with(&[("LATCHKEY_REQUEST_SECONDS", "1")]).await;
    let request = format!(
        "GET /latchkey.js HTTP/1.1\r\nhost: {}\r\n\r\n",
        app.login_host()
    );
    // More than the buffers between client and server hold.
    let many = 5000;
    let mut connection = Connection::open(app.addr).await;
    let _ = timeout(
        Duration::from_secs(3),
        connection.send(request.repeat(many)),
    )
    .await;
    sleep(Duration::from_secs(2)).await;
    let answers = timeout(TIMEOUT, connection.rest()).await.unwrap();
    assert!(answers.matches("HTTP/1.1 200").count() < many);
}

#[tokio::test]
async fn connections_beyond_the_bound_wait_for_a_place() {
    let app = TestApp::start_with(&[("LATCHKEY_MAX_CONNECTIONS", "8")]).await;
    let request = format!(
        "GET /health/live HTTP/1.1\r\nhost: {}\r\n\r\n",
        app.login_host()
    );
    let mut permits = Vec::new();
    for _ in 0..8 {
        let mut connection = Connection::open(app.addr).await;
        connection.send(&request).await;
        assert_eq!(status(&connection.some().await), 200);
        permits.push(connection);
    }
    let mut late = Connection::open(app.addr).await;
    late.send(&request).await;
    let answered = timeout(Duration::from_millis(200), late.some()).await;
    assert!(answered.is_err(), "served beyond the bound");
    permits.pop();
    let answer = timeout(TIMEOUT, late.some()).await.unwrap();
    assert_eq!(status(&answer), 200);
}
