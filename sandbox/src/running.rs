//! The handle by which programs and tests use and stop a started sandbox.

use std::any::Any;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::origin::Origin;
use crate::service::Service;

/// How long open requests may continue after the stop signal.
const STOP_GRACE: Duration = Duration::from_secs(2);

/// A started sandbox. Dropping it stops it without waiting.
pub struct Running {
    /// Where the web server listens.
    pub http: SocketAddr,
    /// Where the mail receiver listens.
    pub smtp: SocketAddr,
    pub(crate) services: Vec<Box<dyn Service>>,
    pub(crate) public_url: Origin,
    pub(crate) stop: watch::Sender<bool>,
    pub(crate) tasks: JoinSet<()>,
}

impl Running {
    /// The origin under which browsers and servers reach the sandbox, without a trailing slash.
    pub fn url(&self) -> &str {
        self.public_url.as_str()
    }

    /// Stops, giving open requests two seconds to end.
    pub async fn stop(mut self) {
        let _ = self.stop.send(true);
        let tasks = &mut self.tasks;
        let ended = async move { while tasks.join_next().await.is_some() {} };
        if tokio::time::timeout(STOP_GRACE, ended).await.is_err() {
            tracing::info!("some requests were aborted");
        }
    }

    /// The service of type `T`. Each service wraps this in an accessor of its own.
    ///
    /// # Panics
    /// If the registry does not list the service.
    pub(crate) fn service<T: Service>(&self) -> &T {
        let services = self.services.iter();
        let mut services = services.map(|service| -> &dyn Any { &**service });
        match services.find_map(|service| service.downcast_ref()) {
            Some(service) => service,
            None => panic!("{} is not registered", std::any::type_name::<T>()),
        }
    }
}

/// Completes when the sandbox is told to stop or is dropped.
pub(crate) async fn until_stopped(mut stopped: watch::Receiver<bool>) {
    let _ = stopped.wait_for(|stopped| *stopped).await;
}
