//! `/metrics`, for Prometheus, on an address of its own that users do not reach.

use std::{sync::Arc, time::Duration};

use anyhow::Context;
use axum::{
    Router,
    extract::State,
    http::{HeaderName, header::CONTENT_TYPE},
    routing::get,
};
use prometheus_client::{encoding::prometheus_text, registry::Registry};
use tokio::{net::TcpListener, task::JoinSet};

use crate::{
    config::HttpConfig,
    database::StorageError,
    mail,
    metrics::{METRICS, PREFIX},
    session,
    web::{AppState, http::register_request_metrics},
};

/// A session is active for this long after a request. Its last use is stored once a minute.
const ACTIVE: Duration = Duration::from_secs(5 * 60);

#[derive(Clone)]
struct Scraped {
    app: AppState,
    registry: Arc<Registry>,
}

/// Serves the metrics until the returned set is dropped, if they have an address.
///
/// # Errors
/// If the address cannot be bound.
pub async fn serve_metrics(config: &HttpConfig, app: &AppState) -> anyhow::Result<JoinSet<()>> {
    let mut serving = JoinSet::new();
    let Some(addr) = config.metrics_addr else {
        return Ok(serving);
    };
    let listener = TcpListener::bind(addr).await;
    let listener = listener.with_context(|| {
        format!("cannot listen on {addr}; set LATCHKEY_METRICS_ADDR to a free address and port")
    })?;
    let mut registry = Registry::with_prefix(PREFIX);
    METRICS.register(&mut registry);
    register_request_metrics(&mut registry);
    let router = Router::new()
        .route("/metrics", get(scrape))
        .with_state(Scraped {
            app: app.clone(),
            registry: Arc::new(registry),
        });
    serving.spawn(async move {
        let _ = axum::serve(listener, router).await;
    });
    Ok(serving)
}

async fn scrape(
    State(Scraped { app, registry }): State<Scraped>,
) -> ([(HeaderName, &'static str); 1], String) {
    measure(&app).await;
    let mut text = String::new();
    // A string can always be written to.
    let _ = prometheus_text::encode(&mut text, &registry);
    ([(CONTENT_TYPE, prometheus_text::CONTENT_TYPE)], text)
}

/// Sets what is not counted as it happens.
async fn measure(app: &AppState) {
    let (open, idle) = app.database.connections();
    METRICS.connections(idle, open.saturating_sub(idle));
    METRICS
        .workers_failing
        .set(app.workers.failing().len() as i64);
    let counted = count(app).await;
    METRICS.database_up.set(i64::from(counted.is_ok()));
    if let Ok((mails, sessions)) = counted {
        METRICS.mails_waiting.set(mails);
        METRICS.sessions_active.set(sessions);
    }
}

async fn count(app: &AppState) -> Result<(i64, i64), StorageError> {
    let reader = app.database.read();
    let since = app.clock.now() - ACTIVE;
    Ok((
        mail::waiting(reader).await?,
        session::count_since(reader, since).await?,
    ))
}
