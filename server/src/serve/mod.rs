//! Accepts TCP connections, serves HTTP/1.1 on them, and shuts down gracefully.
//!
//! The number of connections is limited. Request headers, writes and the shutdown each have a time limit, so
//! that no client can hold a connection or delay a restart. HTTP/2 for browsers is up to a proxy in front.

use std::{convert::Infallible, net::SocketAddr, sync::Arc, time::Duration};

use anyhow::Context;
use axum::{body::Body, extract::ConnectInfo, extract::Request};
use hyper::{body::Incoming, server::conn::http1::Builder, service::service_fn};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::{GracefulConnection, GracefulShutdown},
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore},
    time::{sleep, timeout},
};
use tokio_io_timeout::TimeoutStream;

use crate::{config::ConnectionsConfig, web::http::HttpService};

/// Binds the address.
///
/// # Errors
/// If the address cannot be bound. The message says what to do.
pub async fn listen(addr: SocketAddr) -> anyhow::Result<TcpListener> {
    TcpListener::bind(addr).await.with_context(|| {
        format!("cannot listen on {addr}; if another program has the port, set LATCHKEY_ADDR to a free one")
    })
}

/// Serves until `stop` completes, then waits for requests in flight, for `config.shutdown_time` at most.
pub async fn serve(
    listener: TcpListener,
    service: HttpService,
    config: ConnectionsConfig,
    stop: impl Future<Output = ()>,
) {
    let permits = Arc::new(Semaphore::new(config.max_connections));
    let connections = GracefulShutdown::new();
    tokio::pin!(stop);
    loop {
        let accepted = tokio::select! {
            () = &mut stop => break,
            accepted = accept(&listener, &permits) => accepted,
        };
        let Some((stream, peer, permit)) = accepted else {
            continue;
        };
        let connection = connection(stream, peer, service.clone(), &config);
        let watched = connections.watch(connection);
        tokio::spawn(async move {
            // Errors are not logged, since clients close connections at any time.
            let _ = watched.await;
            drop(permit);
        });
    }
    drop(listener);
    if timeout(config.shutdown_time, connections.shutdown())
        .await
        .is_err()
    {
        tracing::warn!("some requests did not end in time");
    }
}

async fn accept(
    listener: &TcpListener,
    permits: &Arc<Semaphore>,
) -> Option<(TcpStream, SocketAddr, OwnedSemaphorePermit)> {
    let permit = Arc::clone(permits).acquire_owned().await.ok()?;
    match listener.accept().await {
        Ok((stream, peer)) => {
            // Or else Nagle's algorithm may delay small responses until the client acknowledges earlier data.
            let _ = stream.set_nodelay(true);
            Some((stream, peer, permit))
        }
        Err(error) => {
            // The process may be out of file descriptors. They are free again when connections end.
            tracing::warn!(%error, "cannot accept a connection");
            sleep(Duration::from_millis(100)).await;
            None
        }
    }
}

fn connection(
    stream: TcpStream,
    peer: SocketAddr,
    service: HttpService,
    config: &ConnectionsConfig,
) -> impl GracefulConnection<Error: Send> + Send + use<> {
    let service = service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(ConnectInfo(peer));
        let service = service.clone();
        async move { Ok::<_, Infallible>(service.answer(request.map(Body::new)).await) }
    });
    // The request's time limit ends when its response begins. This one is for clients that stop reading.
    let mut stream = TimeoutStream::new(stream);
    stream.set_write_timeout(Some(config.request_time));
    Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(config.header_timeout)
        .max_buf_size(64 * 1024)
        .serve_connection(TokioIo::new(Box::pin(stream)), service)
}
