//! A started sandbox with short ways to talk to it.

use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use reqwest::{Client, Method, RequestBuilder};
use sandbox::{Clock, Config, Running};
use serde_json::Value;
use tracing::Level;
use tracing::subscriber::DefaultGuard;

/// Where the frozen clock stands: 2027-01-15T08:00:00Z.
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

    /// Status and error code, as one thing to compare.
    pub(crate) fn refusal(&self) -> (u16, String) {
        (
            self.status,
            self.json()["error"].as_str().unwrap().to_owned(),
        )
    }
}

impl Sandbox {
    pub(crate) async fn start() -> Self {
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

/// Everything that is logged on this thread, at every level, as long as it lives. A test's runtime has one
/// thread, so that the sandbox's log is in it.
pub(crate) struct Log {
    lines: Lines,
    _subscribed: DefaultGuard,
}

impl Log {
    pub(crate) fn keep() -> Self {
        let lines = Lines::default();
        let writer = lines.clone();
        let subscriber = tracing_subscriber::fmt()
            .with_max_level(Level::TRACE)
            .with_writer(move || writer.clone())
            .finish();
        Self {
            lines,
            _subscribed: tracing::subscriber::set_default(subscriber),
        }
    }

    /// Something was logged, and nothing of these.
    pub(crate) fn has_none_of(&self, secrets: &[&str]) {
        let lines = String::from_utf8(self.lines.0.lock().unwrap().clone()).unwrap();
        assert!(lines.contains("sandbox::"), "{lines}");
        for secret in secrets {
            assert!(!lines.contains(secret), "{secret} in {lines}");
        }
    }
}

#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
