//! A started sandbox with helpers to send requests.

use std::cell::RefCell;
use std::io::{self, Write};
use std::sync::Once;

use reqwest::{Client, Method, RequestBuilder};
use sandbox::{Clock, Config, Running};
use serde_json::Value;
use tracing_subscriber::EnvFilter;

/// The time of the frozen clock: 2027-01-15T08:00:00Z.
pub(crate) const NOW: u64 = 1_800_000_000;

pub(crate) struct Sandbox {
    pub(crate) running: Running,
    pub(crate) clock: Clock,
    client: Client,
}

pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: reqwest::header::HeaderMap,
    pub(crate) body: String,
}

impl Reply {
    pub(crate) async fn of(request: RequestBuilder) -> Self {
        let response = request.send().await.unwrap();
        Self {
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            body: response.text().await.unwrap(),
        }
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }

    /// The status and the error code, to compare both at once.
    pub(crate) fn refusal(&self) -> (u16, String) {
        (
            self.status,
            self.json()["error"].as_str().unwrap().to_owned(),
        )
    }
}

impl Sandbox {
    pub(crate) async fn start() -> Self {
        keep_logs();
        let clock = Clock::frozen_at(NOW);
        let config = Config {
            clock: clock.clone(),
            ..Config::ephemeral()
        };
        let running = sandbox::start(config).await.unwrap();
        let client = Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .build()
            .unwrap();
        Self {
            running,
            clock,
            client,
        }
    }

    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client
            .request(method, format!("http://{}{path}", self.running.http))
    }

    pub(crate) async fn get(&self, path: &str) -> Reply {
        Reply::of(self.request(Method::GET, path)).await
    }
}

impl Sandbox {
    /// Expects that any page may embed this script, even with strict policies on content and embedding.
    pub(crate) async fn assert_embeddable(&self, script: &str) {
        let reply = self.get(script).await;
        assert_eq!(
            reply.header("content-type"),
            "text/javascript; charset=utf-8"
        );
        assert_eq!(reply.header("cross-origin-resource-policy"), "cross-origin");
        assert_eq!(reply.header("x-content-type-options"), "nosniff");
        for forbidden in [
            "innerHTML",
            "eval(",
            "new Function",
            "document.write",
            "insertAdjacentHTML",
            ".style.",
        ] {
            assert!(!reply.body.contains(forbidden), "{script}: {forbidden}");
        }
    }
}

thread_local! {
    /// The log of this thread. A test's runtime has one thread, in which its sandbox runs, too.
    static LOG: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// Captures all logs, for each thread on its own. Call this before anything is logged.
fn keep_logs() {
    static TTL: Once = Once::new();
    TTL.call_once(|| {
        tracing_subscriber::fmt()
            .with_env_filter(EnvFilter::new("info,sandbox=trace"))
            .with_ansi(false)
            .with_writer(|| ThreadLog)
            .init();
    });
}

struct ThreadLog;

impl Write for ThreadLog {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        LOG.with_borrow_mut(|log| log.write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Expects that this test's sandbox has logged something, but none of `secrets`.
pub(crate) fn assert_not_logged(secrets: &[&str]) {
    let log = LOG.with_borrow(|log| String::from_utf8(log.clone()).unwrap());
    assert!(log.contains(" sandbox::"), "{log}");
    for secret in secrets {
        assert!(!log.contains(secret), "{secret} in {log}");
    }
}
