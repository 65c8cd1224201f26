//! `latchkey serve`.

use sd_notify::{NotifyState, notify};
use tokio::{
    select,
    signal::unix::{SignalKind, signal},
    time::timeout,
};

use crate::{
    accounts::DecoyWorker,
    audit::UsesWorker,
    clock::Clock,
    serve::{listen, serve, serve_metrics},
    startup::{Application, Config, build},
};

/// Serves until SIGINT or SIGTERM. A second signal ends the process immediately.
pub(super) async fn run(config: &Config) -> anyhow::Result<()> {
    let listener = listen(config.http.addr).await?;
    let Application {
        service,
        state,
        sweeper,
        mail_workers,
        ..
    } = build(config, Clock::system()).await?;
    let _metrics = serve_metrics(&config.http, &state).await?;
    state.workers.start(sweeper);
    state
        .workers
        .start(DecoyWorker::new(state.accounts.clone()));
    let uses = state.uses.clone();
    state.workers.start(UsesWorker {
        uses: uses.clone(),
        database: state.database.clone(),
    });
    for worker in mail_workers {
        state.workers.start(worker);
    }
    // In the demo, providers may start later than this server.
    if config.http.is_production() {
        let oauth = state.oauth.clone();
        tokio::spawn(async move { oauth.prepare().await });
    }
    let addr = listener.local_addr()?;
    tracing::info!(%addr, login = %config.http.login_origin, "serving");
    // Without a service manager, no one is told.
    let _ = notify(&[NotifyState::Ready]);

    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let stop = async {
        select! { _ = terminate.recv() => {}, _ = interrupt.recv() => {} }
        tracing::info!("stopping");
        let _ = notify(&[NotifyState::Stopping]);
        tokio::spawn(async move {
            select! { _ = terminate.recv() => {}, _ = interrupt.recv() => {} }
            std::process::exit(1);
        });
    };
    let shutdown_timeout = config.http.connections.shutdown_timeout;
    let proxies = state.proxies.clone();
    serve(
        listener,
        service,
        config.http.connections.clone(),
        proxies,
        stop,
    )
    .await;
    state.workers.stop(shutdown_timeout).await;
    let flushed = timeout(shutdown_timeout, uses.flush(&state.database)).await;
    if !matches!(flushed, Ok(Ok(()))) {
        tracing::warn!("the credentials of the last second could not be counted");
    }
    if timeout(shutdown_timeout, state.database.close())
        .await
        .is_err()
    {
        tracing::warn!("the database could not be closed in time");
    }
    Ok(())
}
