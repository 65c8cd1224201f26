//! Background tasks. Each is watched: it goes on after a failure or a panic, is cancelled when it hangs, and
//! readiness says which one does not work.

use std::{
    panic::AssertUnwindSafe,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use anyhow::{Context, anyhow};
use futures_util::FutureExt;
use tokio::{
    select,
    sync::watch,
    task::JoinSet,
    time::{sleep, timeout},
};

/// How long a worker rests after a failure.
const RESTART_DELAY: Duration = Duration::from_secs(1);

/// Work that is done in the background, one unit after the other.
pub trait Worker: Send + Sync + 'static {
    /// The worker's name in the log and in readiness.
    const NAME: &'static str;

    /// A unit of work that takes longer is cancelled.
    const MAX_WORK: Duration;

    /// Does one unit of work; returns whether there is more.
    fn work(&self) -> impl Future<Output = anyhow::Result<bool>> + Send;

    /// Completes when there may be more.
    fn idle(&self) -> impl Future<Output = ()> + Send;
}

/// The workers of a server. Dropping the last handle cancels them.
#[derive(Clone, Debug, Default)]
pub struct Workers(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    stop: watch::Sender<bool>,
    tasks: Mutex<JoinSet<()>>,
    health: Mutex<Vec<Arc<Health>>>,
}

/// Whether a worker's latest unit of work has failed.
#[derive(Debug)]
struct Health {
    name: &'static str,
    failing: AtomicBool,
}

impl Workers {
    /// Starts a worker.
    pub fn start<W: Worker>(&self, worker: W) {
        let health = Arc::new(Health {
            name: W::NAME,
            failing: AtomicBool::new(false),
        });
        lock(&self.0.health).push(Arc::clone(&health));
        let watched = watch(worker, health, self.0.stop.subscribe());
        lock(&self.0.tasks).spawn(watched);
    }

    /// The names of the workers whose latest unit of work has failed.
    pub fn failing(&self) -> Vec<&'static str> {
        let health = lock(&self.0.health);
        let failing = health
            .iter()
            .filter(|health| health.failing.load(Ordering::Relaxed));
        failing.map(|health| health.name).collect()
    }

    /// Lets every worker finish its unit of work, for `limit` at most, and ends them all.
    pub async fn stop(&self, limit: Duration) {
        self.0.stop.send_replace(true);
        let mut tasks = std::mem::take(&mut *lock(&self.0.tasks));
        let ended = async { while tasks.join_next().await.is_some() {} };
        if timeout(limit, ended).await.is_err() {
            tracing::warn!("some workers did not end in time");
        }
        tasks.shutdown().await;
    }
}

impl Health {
    fn record(&self, outcome: &anyhow::Result<bool>) {
        let worker = self.name;
        match outcome {
            Ok(_) => {
                if self.failing.swap(false, Ordering::Relaxed) {
                    tracing::info!(worker, "a worker works again");
                }
            }
            Err(error) => {
                if !self.failing.swap(true, Ordering::Relaxed) {
                    tracing::error!(worker, "a worker failed and will retry: {error:#}");
                }
            }
        }
    }
}

async fn watch<W: Worker>(worker: W, health: Arc<Health>, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        let outcome = work(&worker).await;
        health.record(&outcome);
        let rest = async {
            match outcome {
                Ok(true) => {}
                Ok(false) => worker.idle().await,
                Err(_) => sleep(RESTART_DELAY).await,
            }
        };
        select! {
            _ = stop.wait_for(|stop| *stop) => {}
            () = rest => {}
        }
    }
}

async fn work<W: Worker>(worker: &W) -> anyhow::Result<bool> {
    let caught = AssertUnwindSafe(worker.work()).catch_unwind();
    timeout(W::MAX_WORK, caught)
        .await
        .context("it took too long and was cancelled")?
        .map_err(|_| anyhow!("it panicked; see the message above"))?
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
