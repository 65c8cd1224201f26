//! A small SMTP receiver: enough of RFC 5321 for regular clients, with limits on the others.
//! It has no TLS and no authentication, because by default only this machine can reach it.

mod connection;
mod lines;
mod session;

use std::sync::Arc;
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;

use super::mailbox::Mailbox;
use crate::running::until_stopped;

/// Further clients wait until a connection ends.
const MAX_CONNECTIONS: usize = 32;
/// Longer connections are closed, even active ones.
const MAX_CONNECTION_TIME: Duration = Duration::from_secs(10 * 60);

/// Receives mail until the sandbox stops.
pub(crate) async fn serve(listener: TcpListener, mailbox: Mailbox, stopped: watch::Receiver<bool>) {
    tokio::select! {
        () = accept_all(listener, mailbox) => {}
        () = until_stopped(stopped) => {}
    }
}

async fn accept_all(listener: TcpListener, mailbox: Mailbox) {
    let slots = Arc::new(Semaphore::new(MAX_CONNECTIONS));
    let mut connections = JoinSet::new();
    while let Ok(slot) = Arc::clone(&slots).acquire_owned().await {
        while connections.try_join_next().is_some() {}
        let Ok((stream, _)) = listener.accept().await else {
            // Most likely out of file descriptors: wait until some are closed.
            tokio::time::sleep(Duration::from_millis(100)).await;
            continue;
        };
        let mailbox = mailbox.clone();
        connections.spawn(async move {
            serve_client(stream, mailbox).await;
            drop(slot);
        });
    }
}

async fn serve_client(stream: TcpStream, mailbox: Mailbox) {
    let connection = connection::run(stream, mailbox);
    match tokio::time::timeout(MAX_CONNECTION_TIME, connection).await {
        Ok(Err(error)) => tracing::debug!(%error, "a mail client's connection failed"),
        Err(_) => tracing::debug!("a mail client's connection took too long"),
        Ok(Ok(())) => {}
    }
}
