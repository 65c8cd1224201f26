//! Starts the sandbox: binds its addresses, starts its services and serves them.

use axum::Router;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::config::Config;
use crate::listen;
use crate::mail::smtp;
use crate::origin::Origin;
use crate::router::router;
use crate::running::{Running, until_stopped};
use crate::service::ServiceContext;

/// Binds both addresses and serves them in the background.
///
/// # Errors
/// An address that cannot be bound, a configuration that a service cannot use, or a failure of the
/// system's random generator.
pub async fn start(config: Config) -> anyhow::Result<Running> {
    let web = listen::bind(config.addr, "SANDBOX_ADDR").await?;
    let mail = listen::bind(config.services.mailbox.smtp_addr, "SANDBOX_SMTP_ADDR").await?;
    let (http, smtp) = (web[0].local_addr()?, mail[0].local_addr()?);

    let context = context(&config, http.port());
    let services = config.services.start(&context)?;
    let router = router(&services, &context);

    let (stop, stopped) = watch::channel(false);
    let mut running = Running {
        http,
        smtp,
        services,
        public_url: context.public_url,
        stop,
        tasks: JoinSet::new(),
    };
    for listener in web {
        let served = serve_http(listener, router.clone(), stopped.clone());
        running.tasks.spawn(served);
    }
    for listener in mail {
        let served = smtp::serve(listener, running.mailbox().clone(), stopped.clone());
        running.tasks.spawn(served);
    }
    Ok(running)
}

/// `port` is where the web server listens.
fn context(config: &Config, port: u16) -> ServiceContext {
    let public_url = config.public_url.clone();
    ServiceContext {
        login_origin: config.login_origin.clone(),
        site_origin: config.site_origin.clone(),
        public_url: public_url.unwrap_or_else(|| Origin::localhost(port)),
        clock: config.clock.clone(),
    }
}

async fn serve_http(listener: TcpListener, router: Router, stopped: watch::Receiver<bool>) {
    let served = axum::serve(listener, router).with_graceful_shutdown(until_stopped(stopped));
    if let Err(error) = served.await {
        tracing::error!(%error, "the web server failed");
    }
}
