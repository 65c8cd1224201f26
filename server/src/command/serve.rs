//! `latchkey serve`.

use tokio::{
    select,
    signal::unix::{SignalKind, signal},
};

use crate::{
    clock::Clock,
    serve::{listen, serve},
    startup::{Application, Config, build},
};

/// Serves until SIGINT or SIGTERM. A second signal ends the process immediately.
pub(super) async fn run() -> anyhow::Result<()> {
    let config = Config::load()?;
    let listener = listen(config.http.addr).await?;
    let Application {
        service,
        state,
        sweeper,
        mail_worker,
        ..
    } = build(&config, Clock::system()).await?;
    let sweeping = tokio::spawn(sweeper.run());
    let mailing = mail_worker.map(|worker| tokio::spawn(worker.run()));
    // In the demo, providers may start later than this server.
    if config.http.is_production() {
        let oauth = state.oauth.clone();
        tokio::spawn(async move { oauth.prepare().await });
    }
    tracing::info!(addr = %config.http.addr, login = %config.http.login_origin, "serving");

    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let stop = async {
        select! { _ = terminate.recv() => {}, _ = interrupt.recv() => {} }
        tracing::info!("stopping");
        tokio::spawn(async move {
            select! { _ = terminate.recv() => {}, _ = interrupt.recv() => {} }
            std::process::exit(1);
        });
    };
    serve(listener, service, config.http.connections, stop).await;

    sweeping.abort();
    if let Some(mailing) = mailing {
        mailing.abort();
    }
    state.database.close().await;
    Ok(())
}
