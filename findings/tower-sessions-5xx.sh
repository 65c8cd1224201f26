#!/usr/bin/env bash
# A handler that answers 5xx loses what it has written into its tower-sessions session; a store that fails loses the answer.
#
# Packages: crates tower-sessions 0.15.0 with its memory store, tower 0.5, http 1, tokio 1 (needs cargo; the build takes
#           about a minute of processor time)
# Guess:    A middleware saves the session that a handler has changed, whatever the handler answers. If it cannot save, it
#           logs that, and the answer goes out.
# Fact:     Changes are saved with all answers but 5xx, where they are dropped without a log line. If saving fails after the
#           handler has done its work, its answer, headers included, is replaced by a 500 without a body, although the work
#           is done.
# Seen:     handler answers 503: browser gets 503 "order 7 is placed", session is as before
#           handler answers 200, store is full: browser gets 500 "", session is as before
# Who:      Services on axum that count failures, keep a form or rotate a key in the session and then answer 503 to be asked
#           again: the next request finds nothing of it. Call `session.save().await` in the handler, and look at its result,
#           where the session must agree with what was done.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
mkdir src
cat > Cargo.toml <<'TOML'
[package]
name = "try"
version = "0.0.0"
edition = "2024"

[dependencies]
async-trait = "0.1"
http = "1"
tokio = { version = "1", features = ["macros", "rt"] }
tower = { version = "0.5", features = ["util"] }
tower-sessions = { version = "=0.15.0", default-features = false, features = ["memory-store"] }

[profile.dev]
debug = false
TOML
cat > src/main.rs <<'RS'
use std::convert::Infallible;
use std::sync::{Arc, Mutex};
use async_trait::async_trait;
use http::{Request, Response, StatusCode, header};
use tower::{Layer, ServiceExt, service_fn};
use tower_sessions::session::{Id, Record};
use tower_sessions::{MemoryStore, Session, SessionManagerLayer, SessionStore, session_store};

/// A store in memory that can be told to be full.
#[derive(Clone, Debug, Default)]
struct Store {
    inner: MemoryStore,
    is_full: Arc<Mutex<bool>>,
}

impl Store {
    fn check(&self) -> session_store::Result<()> {
        let is_full = *self.is_full.lock().unwrap();
        if is_full { Err(session_store::Error::Backend("the disk is full".into())) } else { Ok(()) }
    }
}

#[async_trait]
impl SessionStore for Store {
    async fn create(&self, record: &mut Record) -> session_store::Result<()> {
        self.check()?;
        self.inner.create(record).await
    }
    async fn save(&self, record: &Record) -> session_store::Result<()> {
        self.check()?;
        self.inner.save(record).await
    }
    async fn load(&self, id: &Id) -> session_store::Result<Option<Record>> {
        self.inner.load(id).await
    }
    async fn delete(&self, id: &Id) -> session_store::Result<()> {
        self.inner.delete(id).await
    }
}

/// Writes into the session, and answers with the status in the path.
async fn handle(request: Request<()>) -> Result<Response<String>, Infallible> {
    let session = request.extensions().get::<Session>().unwrap();
    let path = request.uri().path();
    if path == "/read" {
        let step: String = session.get("step").await.unwrap().unwrap();
        return Ok(Response::new(step));
    }
    session.insert("step", path).await.unwrap();
    let status: StatusCode = path[1..].parse().unwrap();
    Ok(Response::builder().status(status).body("order 7 is placed".into()).unwrap())
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let cases = [("200", false), ("404", false), ("503", false), ("200", true)];
    for (status, is_full) in cases {
        let store = Store::default();
        let service = SessionManagerLayer::new(store.clone()).with_secure(false).layer(service_fn(handle));
        let ask = |path: &str, cookie: &str| {
            let request = Request::builder().uri(path).header(header::COOKIE, cookie).body(()).unwrap();
            service.clone().oneshot(request)
        };
        let begun = ask("/201", "").await.unwrap();
        let line = begun.headers()[header::SET_COOKIE].to_str().unwrap();
        let cookie = line.split(';').next().unwrap();
        *store.is_full.lock().unwrap() = is_full;
        let answer = ask(&format!("/{status}"), cookie).await.unwrap();
        *store.is_full.lock().unwrap() = false;
        let session = ask("/read", cookie).await.unwrap().into_body();
        println!(
            "handler answers {status}{}: browser gets {} {:?}, session is {}",
            if is_full { ", store is full" } else { "" },
            answer.status().as_u16(),
            answer.body(),
            if session == "/201" { "as before" } else { "changed" },
        );
    }
}
RS
CARGO_TARGET_DIR="$folder/target" cargo run --quiet > actual
cat > expected <<'TEXT'
handler answers 200: browser gets 200 "order 7 is placed", session is changed
handler answers 404: browser gets 404 "order 7 is placed", session is changed
handler answers 503: browser gets 503 "order 7 is placed", session is as before
handler answers 200, store is full: browser gets 500 "", session is as before
TEXT
diff expected actual && echo "as described"
