//! Accepts TCP connections, serves HTTP/1.1 on them, and shuts down gracefully.
//!
//! The number of connections is limited, in all and for each client. Silence, writes and the shutdown each have
//! a time limit, so that no client can hold a connection or delay a restart. HTTP/2 for browsers is up to a proxy
//! in front.

mod activity;
mod metrics;
mod slots;

use std::{convert::Infallible, net::SocketAddr, sync::Arc, time::Duration};

use anyhow::Context;
use axum::{body::Body, extract::ConnectInfo, extract::Request};
use hyper::{body::Incoming, server::conn::http1::Builder, service::service_fn};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulConnection,
};
use listenfd::ListenFd;
use tokio::{
    net::{TcpListener, TcpStream},
    sync::watch,
    time::{sleep, timeout},
};
use tokio_io_timeout::TimeoutStream;

use activity::{Activity, IdleTimeoutStream};
use slots::{ConnectionSlots, Slot};

pub use metrics::serve_metrics;

use crate::{
    config::ConnectionsConfig,
    web::http::{HttpService, TrustedProxies},
};

/// How long a shutdown waits for the first byte of a connection.
const FIRST_BYTE: Duration = Duration::from_secs(1);

/// Takes the socket that the service manager has passed to this process, as systemd does by `LISTEN_FDS`. Without one,
/// binds the address.
///
/// # Errors
/// If what was passed is no such socket, or the address cannot be bound. The message says what to do.
pub async fn listen(addr: SocketAddr) -> anyhow::Result<TcpListener> {
    let inherited = ListenFd::from_env()
        .take_tcp_listener(0)
        .context("the service manager must pass a socket that listens for TCP connections")?;
    if let Some(listener) = inherited {
        listener.set_nonblocking(true)?;
        return Ok(TcpListener::from_std(listener)?);
    }
    TcpListener::bind(addr).await.with_context(|| {
        format!("cannot listen on {addr}; if another program has the port, set LATCHKEY_ADDR to a free one")
    })
}

/// Serves until `stop` completes, then waits for requests in flight, for `config.shutdown_timeout` at most.
pub async fn serve(
    listener: TcpListener,
    service: HttpService,
    config: ConnectionsConfig,
    proxies: TrustedProxies,
    stop: impl Future<Output = ()>,
) {
    let slots = Arc::new(ConnectionSlots::new(&config, proxies));
    let (stopping, connections) = watch::channel(());
    tokio::pin!(stop);
    loop {
        let accepted = tokio::select! {
            () = &mut stop => break,
            accepted = accept(&listener, &slots, &config) => accepted,
        };
        let Some(Accepted {
            stream,
            peer,
            activity,
            slot,
        }) = accepted
        else {
            continue;
        };
        let served = connection(
            stream,
            peer,
            Arc::clone(&activity),
            service.clone(),
            &config,
        );
        let served = until_shutdown(served, activity, connections.clone());
        tokio::spawn(async move {
            served.await;
            drop(slot);
        });
    }
    drop((listener, connections));
    let _ = stopping.send(());
    if timeout(config.shutdown_timeout, stopping.closed())
        .await
        .is_err()
    {
        tracing::warn!("some requests did not end in time");
    }
}

/// A connection that has a slot.
struct Accepted {
    stream: TcpStream,
    peer: SocketAddr,
    activity: Arc<Activity>,
    slot: Slot,
}

async fn accept(
    listener: &TcpListener,
    slots: &Arc<ConnectionSlots>,
    config: &ConnectionsConfig,
) -> Option<Accepted> {
    let permit = slots.acquire().await?;
    match listener.accept().await {
        Ok((stream, peer)) => {
            // Or else Nagle's algorithm may delay small responses until the client acknowledges earlier data.
            let _ = stream.set_nodelay(true);
            let activity = Arc::new(Activity::new(config.header_timeout, config.idle_timeout));
            let slot = slots.admit(permit, peer.ip(), &activity)?;
            Some(Accepted {
                stream,
                peer,
                activity,
                slot,
            })
        }
        Err(error) => {
            // The process may be out of file descriptors. They are free again when connections end.
            tracing::warn!(%error, "cannot accept a connection");
            sleep(Duration::from_millis(100)).await;
            None
        }
    }
}

/// Serves a connection until it ends, or, once `shutdown` changes, until its request is answered. Errors are not
/// logged, since clients close connections at any time.
async fn until_shutdown(
    connection: impl GracefulConnection,
    activity: Arc<Activity>,
    mut shutdown: watch::Receiver<()>,
) {
    tokio::pin!(connection);
    tokio::select! {
        _ = &mut connection => return,
        _ = shutdown.changed() => {}
    }
    // hyper closes a connection of which it has read nothing, even if a request waits to be read.
    tokio::select! {
        biased;
        _ = &mut connection => return,
        _ = timeout(FIRST_BYTE, activity.first_byte()) => {}
    }
    connection.as_mut().graceful_shutdown();
    let _ = connection.await;
}

fn connection(
    stream: TcpStream,
    peer: SocketAddr,
    activity: Arc<Activity>,
    service: HttpService,
    config: &ConnectionsConfig,
) -> impl GracefulConnection<Error: Send> + Send + use<> {
    let requests = Arc::clone(&activity);
    let service = service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(ConnectInfo(peer));
        let (service, activity) = (service.clone(), Arc::clone(&requests));
        async move {
            activity.responding();
            let response = service.respond(request.map(Body::new)).await;
            activity.idle();
            Ok::<_, Infallible>(response)
        }
    });
    // The request's time limit ends when its response begins. This one is for clients that stop reading.
    let mut stream = TimeoutStream::new(stream);
    stream.set_write_timeout(Some(config.request_timeout));
    Builder::new()
        .timer(TokioTimer::new())
        // It would count the time between requests, too.
        .header_read_timeout(None)
        .max_buf_size(64 * 1024)
        .serve_connection(
            TokioIo::new(IdleTimeoutStream::new(Box::pin(stream), activity)),
            service,
        )
}
