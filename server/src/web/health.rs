//! `/health/live` and `/health/ready`, on every host name and without a session.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use axum::{
    Router,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::get,
};
use tokio::sync::Mutex;
use tower::util::MapRequestLayer;

use super::http::note_health;
use crate::{database::Database, workers::Workers};

/// A result is reused for this long, since each check writes and anyone may request one.
const CHECK_INTERVAL: Duration = Duration::from_secs(1);

/// Whether the server can do its work.
#[derive(Clone)]
struct Readiness {
    database: Database,
    workers: Workers,
    latest: Arc<Mutex<Option<Latest>>>,
}

/// The latest result; an error is the text of the response.
struct Latest {
    at: Instant,
    result: Result<(), String>,
}

impl Readiness {
    /// The latest result, at most a second old. Requests that come together share one check.
    async fn check(&self) -> Result<(), String> {
        let mut latest = self.latest.lock().await;
        if let Some(known) = &*latest
            && known.at.elapsed() < CHECK_INTERVAL
        {
            return known.result.clone();
        }
        let result = self.check_now().await;
        *latest = Some(Latest {
            at: Instant::now(),
            result: result.clone(),
        });
        result
    }

    async fn check_now(&self) -> Result<(), String> {
        if let Err(error) = self.database.check().await {
            tracing::error!(%error, "not ready");
            return Err("the database cannot be used; the log says why\n".to_owned());
        }
        match self.workers.failing().first() {
            Some(name) => Err(format!("the worker {name} fails; the log says why\n")),
            None => Ok(()),
        }
    }
}

pub(super) fn routes(database: Database, workers: Workers) -> Router {
    let readiness = Readiness {
        database,
        workers,
        latest: Arc::default(),
    };
    Router::new()
        .route("/health/live", get(async || "ok\n"))
        .route("/health/ready", get(ready))
        .layer(MapRequestLayer::new(note_health))
        .with_state(readiness)
}

async fn ready(State(readiness): State<Readiness>) -> Response {
    match readiness.check().await {
        Ok(()) => "ok\n".into_response(),
        Err(problem) => (StatusCode::SERVICE_UNAVAILABLE, problem).into_response(),
    }
}
