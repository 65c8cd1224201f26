//! Requests that began before their session ended must not revive it.

use std::time::Duration;

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::harness::{Browser, DANA, GOOD_PASSWORD, PASSWORD, TestApp};

const WRITES: (&str, &str) = ("/continue", "chatBoxId=cb_demo");
const READS: (&str, &str) = ("/account/profile", "display_name=");
const ROTATES: (&str, &str) = (
    "/account/password",
    "current_password=correct+horse+battery+staple&new_password=seven+purple+kites+at+dusk",
);

/// A request whose session the server has loaded, and whose body it waits for.
struct InFlight {
    stream: TcpStream,
    body: &'static str,
}

impl InFlight {
    async fn begin(app: &TestApp, browser: &Browser, (path, body): (&str, &'static str)) -> Self {
        let origin = app.login_origin();
        let host = origin.trim_start_matches("http://");
        let head = format!(
            "POST {path} HTTP/1.1\r\nhost: {host}\r\norigin: {origin}\r\nsec-fetch-site: same-origin\r\n\
             cookie: latchkey={}\r\ncontent-type: application/x-www-form-urlencoded\r\n\
             content-length: {}\r\nconnection: close\r\n\r\n",
            browser.session(),
            body.len()
        );
        // After a minute, loading a session updates `seen_at`, which shows that it is loaded.
        app.clock.advance(Duration::from_secs(60));
        let seen = "SELECT MAX(seen_at) FROM sessions";
        let before = app.count(seen).await;
        let mut stream = TcpStream::connect(app.addr).await.unwrap();
        stream.write_all(head.as_bytes()).await.unwrap();
        while app.count(seen).await == before {
            tokio::task::yield_now().await;
        }
        Self { stream, body }
    }

    /// Sends the body and returns the whole response.
    async fn end(mut self) -> String {
        self.stream.write_all(self.body.as_bytes()).await.unwrap();
        let mut response = String::new();
        self.stream.read_to_string(&mut response).await.unwrap();
        response
    }
}

/// Asserts that no session is left, neither under the old id nor under one that a response has set.
async fn assert_dead(app: &TestApp, browser: &Browser, response: &str) {
    assert_eq!(
        app.count("SELECT COUNT(*) FROM sessions WHERE user_id IS NOT NULL")
            .await,
        0
    );
    assert!(!browser.is_signed_in().await);
    let given = response.split_once("set-cookie: latchkey=");
    if let Some((_, rest)) = given {
        browser.set_cookie("latchkey", rest.split(';').next().unwrap());
        assert!(!browser.is_signed_in().await, "{response}");
    }
}

#[tokio::test]
async fn a_slow_request_does_not_bring_a_signed_out_session_back() {
    for request in [WRITES, READS, ROTATES] {
        let app = TestApp::start().await;
        let browser = app.signed_in().await;
        let other_tab = app.anonymous();
        other_tab.set_cookie("latchkey", &browser.session());
        let slow = InFlight::begin(&app, &browser, request).await;
        assert_eq!(other_tab.post("/logout", &[]).await.status, 303);
        let response = slow.end().await;
        assert_dead(&app, &browser, &response).await;
    }
}

#[tokio::test]
async fn a_slow_request_does_not_survive_a_reset() {
    for request in [WRITES, READS, ROTATES] {
        let app = TestApp::start().await;
        let browser = app.signed_in().await;
        let token = app.reset_token(DANA).await;
        let slow = InFlight::begin(&app, &browser, request).await;
        let form = [("token", token.as_str()), ("new_password", GOOD_PASSWORD)];
        let reset = app.anonymous().post("/reset-password", &form).await;
        assert_eq!(reset.status, 303);
        let response = slow.end().await;
        assert_dead(&app, &browser, &response).await;
    }
}

#[tokio::test]
async fn a_proof_by_the_old_password_is_none_after_a_reset() {
    let app = TestApp::start().await;
    let client = "127.0.0.1".parse().unwrap();
    let accounts = &app.state.accounts;
    let proof = accounts
        .sign_in(DANA, &PASSWORD.into(), client)
        .await
        .ok()
        .unwrap();
    assert!(accounts.still_holds(&proof).await.unwrap());
    let token = app.reset_token(DANA).await;
    accounts
        .reset_password(&token, &GOOD_PASSWORD.into())
        .await
        .unwrap();
    assert!(!accounts.still_holds(&proof).await.unwrap());
}

#[tokio::test]
async fn a_slow_request_does_not_survive_a_password_change_elsewhere() {
    let app = TestApp::start().await;
    let (here, elsewhere) = (app.signed_in().await, app.signed_in().await);
    let slow = InFlight::begin(&app, &elsewhere, WRITES).await;
    let form = [
        ("current_password", PASSWORD),
        ("new_password", GOOD_PASSWORD),
    ];
    assert_eq!(here.post("/account/password", &form).await.status, 303);
    slow.end().await;
    assert!(here.is_signed_in().await);
    assert!(!elsewhere.is_signed_in().await);
    assert_eq!(app.count("SELECT COUNT(*) FROM sessions").await, 1);
}
