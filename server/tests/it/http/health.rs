//! The health endpoints, on every host name and without a session; and what works without a database.

use std::time::Duration;

use server::workers::Worker;

use crate::harness::{TestApp, status};

/// A background task that does not work.
struct Failing;

impl Worker for Failing {
    const NAME: &'static str = "failing";
    const MAX_WORK: Duration = Duration::from_secs(60);

    async fn work(&self) -> anyhow::Result<bool> {
        anyhow::bail!("on purpose")
    }

    async fn idle(&self) {}
}

#[tokio::test]
async fn health_is_answered_on_every_host_name_without_a_session() {
    let app = TestApp::start().await;
    for host in [
        &app.login_host(),
        &app.site_host(),
        "10.0.0.7:8080",
        "evil.test",
        "localhost",
    ] {
        for path in ["/health/live", "/health/ready"] {
            let request = format!(
                "GET {path} HTTP/1.1\r\nhost: {host}\r\ncookie: latchkey=x\r\nconnection: close\r\n\r\n"
            );
            let response = app.raw(request).await;
            assert_eq!(status(&response), 200, "{host}{path}: {response}");
            assert!(response.ends_with("\r\n\r\nok\n"), "{response}");
            assert!(!response.contains("set-cookie"), "{response}");
        }
    }
}

#[tokio::test]
async fn without_a_database_the_server_lives_and_is_not_ready() {
    let app = TestApp::start().await;
    app.state.database.close().await;
    let browser = app.anonymous();
    assert_eq!(browser.get("/health/live").await.status, 200);
    let ready = browser.get("/health/ready").await;
    assert_eq!(ready.status, 503);
    assert_eq!(
        ready.body,
        "the database cannot be used; the log says why\n"
    );
}

#[tokio::test]
async fn while_a_worker_fails_the_server_lives_and_is_not_ready() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    app.state.workers.start(Failing);
    while app.state.workers.failing().is_empty() {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(browser.get("/health/live").await.status, 200);
    let ready = browser.get("/health/ready").await;
    assert_eq!(ready.status, 503);
    assert_eq!(ready.body, "the worker failing fails; the log says why\n");
}

#[tokio::test]
async fn without_a_database_public_pages_stay_up_and_the_rest_says_later() {
    let app = TestApp::start().await;
    let dana = app.signed_in().await;
    app.state.database.close().await;
    let stranger = app.anonymous();
    for path in ["/login", "/register", "/forgot-password"] {
        assert_eq!(stranger.get(path).await.status, 200, "{path}");
    }
    for response in [
        dana.get("/account").await,
        dana.post("/logout", &[]).await,
        stranger.get("/login?chatBoxId=cb_demo").await,
        stranger
            .sign_in("demo@latchkey.localhost", "correct horse battery staple")
            .await,
    ] {
        assert_eq!(response.status, 503, "{}", response.body);
        assert_eq!(response.header("retry-after"), "2");
        assert!(
            response.body.starts_with("<!DOCTYPE html>"),
            "{}",
            response.body
        );
    }
}
