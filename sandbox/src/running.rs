//! Starts the sandbox and holds it: whoever drops a [`Running`] ends everything it started.

use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::config::{Config, Origin};
use crate::listen;
use crate::mail::smtp;
use crate::router::router;
use crate::services::{Services, Surroundings};

/// How long open requests may go on after the stop signal.
const STOP_GRACE: Duration = Duration::from_secs(2);

/// A started sandbox. Dropping it stops it without waiting.
pub struct Running {
    /// Where the web server listens.
    pub http: SocketAddr,
    /// Where the mail receiver listens.
    pub smtp: SocketAddr,
    pub(crate) services: Services,
    public_url: Origin,
    stop: watch::Sender<bool>,
    tasks: JoinSet<()>,
}

impl Running {
    /// The origin under which browsers and servers reach the sandbox, without a slash at its end.
    pub fn url(&self) -> &str {
        self.public_url.as_str()
    }

    /// Stops, giving open requests two seconds to end.
    pub async fn stop(mut self) {
        let _ = self.stop.send(true);
        let tasks = &mut self.tasks;
        let ended = async move { while tasks.join_next().await.is_some() {} };
        if tokio::time::timeout(STOP_GRACE, ended).await.is_err() {
            tracing::info!("some requests were cut off");
        }
    }
}

/// Binds both addresses and answers on them in the background.
///
/// # Errors
/// An address that cannot be bound, or a machine without randomness.
pub async fn start(config: Config) -> anyhow::Result<Running> {
    let web = listen::bind(config.addr, "SANDBOX_ADDR").await?;
    let mail = listen::bind(config.services.mailbox.smtp_addr, "SANDBOX_SMTP_ADDR").await?;
    let (http, smtp) = (web[0].local_addr()?, mail[0].local_addr()?);

    let surroundings = Surroundings::new(&config, http.port());
    let services = Services::new(&config.services, &surroundings)?;
    let router = router(&services, &surroundings);

    let (stop, stopped) = watch::channel(false);
    let mut tasks = JoinSet::new();
    for listener in web {
        tasks.spawn(serve_http(listener, router.clone(), stopped.clone()));
    }
    for listener in mail {
        tasks.spawn(smtp::serve(
            listener,
            services.mailbox.clone(),
            stopped.clone(),
        ));
    }
    Ok(Running {
        http,
        smtp,
        services,
        public_url: surroundings.public_url,
        stop,
        tasks,
    })
}

async fn serve_http(listener: TcpListener, router: Router, stopped: watch::Receiver<bool>) {
    let served = axum::serve(listener, router).with_graceful_shutdown(until_stopped(stopped));
    if let Err(error) = served.await {
        tracing::error!(%error, "the web server ended");
    }
}

/// Ends when the sandbox is told to stop or is dropped.
pub(crate) async fn until_stopped(mut stopped: watch::Receiver<bool>) {
    let _ = stopped.wait_for(|stopped| *stopped).await;
}
