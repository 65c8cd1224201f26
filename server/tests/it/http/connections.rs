//! Clients that send slowly, partly or not at all, or do not read, are disconnected; connections beyond the
//! limit wait.

use std::time::Duration;

use tokio::time::{sleep, timeout};

use crate::harness::{Connection, Log, TestApp, status};

/// Long enough for slow machines.
const TIMEOUT: Duration = Duration::from_secs(20);

/// Longer than that, so that no connection gives up its place by itself.
const PATIENT: (&str, &str) = ("LATCHKEY_HEADER_SECONDS", "60");

#[tokio::test]
async fn headers_that_do_not_come_are_not_waited_for() {
    let settings = [
        ("LATCHKEY_HEADER_SECONDS", "1"),
        ("LATCHKEY_IDLE_SECONDS", "1"),
    ];
    let app = TestApp::start_with(&settings).await;
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
    let response = timeout(TIMEOUT, connection.some()).await.unwrap();
    assert_eq!(status(&response), 408, "{response}");
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
    let mut connection = Connection::open(app.addr).await;
    let ended = timeout(TIMEOUT, connection.send_until_closed(&request)).await;
    assert!(ended.is_ok(), "the client is still waited for");
}

fn health(app: &TestApp) -> String {
    format!(
        "GET /health/live HTTP/1.1\r\nhost: {}\r\n\r\n",
        app.login_host()
    )
}

/// The first part of a request, so that the connection is in use.
fn half(app: &TestApp) -> String {
    format!(
        "GET /health/live HTTP/1.1\r\nhost: {}\r\n",
        app.login_host()
    )
}

/// Connections from `local` that have sent this and wait. The server accepts them before those that come later.
async fn waiting(app: &TestApp, local: &str, count: usize, sent: &str) -> Vec<Connection> {
    let mut connections = Vec::new();
    for _ in 0..count {
        let mut connection = Connection::open_from(local, app.addr).await;
        connection.send(sent).await;
        connections.push(connection);
    }
    connections
}

/// Whether a new connection is served within a time.
async fn is_served_within(app: &TestApp, local: &str, time: Duration) -> bool {
    let mut connection = Connection::open_from(local, app.addr).await;
    connection.send(health(app)).await;
    let response = timeout(time, connection.some()).await;
    response.is_ok_and(|response| status(&response) == 200)
}

async fn is_served(app: &TestApp, local: &str) -> bool {
    is_served_within(app, local, TIMEOUT).await
}

/// Whether a new connection is refused, or waits for longer than a server with a free place needs.
async fn is_kept_out(app: &TestApp, local: &str) -> bool {
    !is_served_within(app, local, Duration::from_secs(1)).await
}

#[tokio::test]
async fn connections_beyond_the_bound_wait_for_a_place() {
    let settings = [
        PATIENT,
        ("LATCHKEY_MAX_CONNECTIONS", "8"),
        ("LATCHKEY_MAX_CONNECTIONS_PER_CLIENT", "8"),
    ];
    let app = TestApp::start_with(&settings).await;
    let mut taken = waiting(&app, "127.0.0.1", 8, &half(&app)).await;
    let mut late = Connection::open_from("127.0.0.9", app.addr).await;
    late.send(health(&app)).await;
    let answered = timeout(Duration::from_secs(1), late.some()).await;
    assert!(answered.is_err(), "served beyond the bound");
    taken.pop();
    let response = timeout(TIMEOUT, late.some()).await.unwrap();
    assert_eq!(status(&response), 200);
}

#[tokio::test]
async fn idle_connections_keep_no_one_out() {
    let app = TestApp::start_with(&[PATIENT, ("LATCHKEY_MAX_CONNECTIONS", "16")]).await;
    for sent in [String::new(), health(&app)] {
        let mut all = Vec::new();
        for peer in 1..=6 {
            let mut opened = waiting(&app, &format!("127.0.1.{peer}"), 8, &sent).await;
            if !sent.is_empty() {
                for connection in &mut opened {
                    let response = timeout(TIMEOUT, connection.some()).await.unwrap();
                    assert_eq!(status(&response), 200);
                }
            }
            all.append(&mut opened);
        }
        for local in ["127.0.1.1", "127.0.0.9"] {
            assert!(is_served(&app, local).await, "{local} {sent:?}");
        }
    }
}

#[tokio::test]
async fn one_client_cannot_take_the_places_of_others() {
    let log = Log::capture();
    let app = TestApp::start_with(&[PATIENT, ("LATCHKEY_MAX_CONNECTIONS", "16")]).await;
    let _taken = waiting(&app, "127.0.0.1", 40, &half(&app)).await;
    assert!(is_kept_out(&app, "127.0.0.1").await);
    assert!(is_served(&app, "127.0.0.9").await);
    let text = log.text();
    let told = text.matches("a client has too many connections").count();
    assert_eq!(told, 1, "{text}");
}

#[tokio::test]
async fn a_trusted_proxy_has_the_places_of_its_clients() {
    let settings = [
        PATIENT,
        ("LATCHKEY_MAX_CONNECTIONS", "16"),
        ("LATCHKEY_TRUSTED_PROXIES", "127.0.0.0/29"),
    ];
    let app = TestApp::start_with(&settings).await;
    let _taken = waiting(&app, "127.0.0.1", 15, &half(&app)).await;
    assert!(is_served(&app, "127.0.0.1").await);
}

#[tokio::test]
async fn a_connection_may_be_idle_for_longer_than_headers_may_take() {
    let app = TestApp::start_with(&[("LATCHKEY_HEADER_SECONDS", "1")]).await;
    let mut connection = Connection::open(app.addr).await;
    for _ in 0..2 {
        connection.send(health(&app)).await;
        assert_eq!(status(&connection.some().await), 200);
        sleep(Duration::from_millis(1500)).await;
    }
    connection.send(half(&app)).await;
    let rest = timeout(TIMEOUT, connection.rest()).await;
    assert_eq!(rest.unwrap(), "");
}
