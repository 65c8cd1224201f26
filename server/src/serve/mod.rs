//! Accepts TCP connections, serves HTTP/1.1 on them, and shuts down gracefully.
//!
//! The number of connections is limited, in all and for each client. Silence, writes and the shutdown each have
//! a time limit, so that no client can hold a connection or delay a restart. HTTP/2 for browsers is up to a proxy
//! in front.

mod pace;
mod places;

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
    time::{sleep, timeout},
};
use tokio_io_timeout::TimeoutStream;

use pace::{Pace, Paced};
use places::{Place, Places};

use crate::{
    config::ConnectionsConfig,
    web::http::{HttpService, TrustedProxies},
};

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
    proxies: TrustedProxies,
    stop: impl Future<Output = ()>,
) {
    let places = Arc::new(Places::new(&config, proxies));
    let connections = GracefulShutdown::new();
    tokio::pin!(stop);
    loop {
        let accepted = tokio::select! {
            () = &mut stop => break,
            accepted = accept(&listener, &places, &config) => accepted,
        };
        let Some(Accepted {
            stream,
            peer,
            pace,
            place,
        }) = accepted
        else {
            continue;
        };
        let connection = connection(stream, peer, pace, service.clone(), &config);
        let watched = connections.watch(connection);
        tokio::spawn(async move {
            // Errors are not logged, since clients close connections at any time.
            let _ = watched.await;
            drop(place);
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

/// A connection that has a place.
struct Accepted {
    stream: TcpStream,
    peer: SocketAddr,
    pace: Arc<Pace>,
    place: Place,
}

async fn accept(
    listener: &TcpListener,
    places: &Arc<Places>,
    config: &ConnectionsConfig,
) -> Option<Accepted> {
    let permit = places.free().await?;
    match listener.accept().await {
        Ok((stream, peer)) => {
            // Or else Nagle's algorithm may delay small responses until the client acknowledges earlier data.
            let _ = stream.set_nodelay(true);
            let pace = Arc::new(Pace::new(config.header_timeout, config.idle_timeout));
            let place = places.take(permit, peer.ip(), &pace)?;
            Some(Accepted {
                stream,
                peer,
                pace,
                place,
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

fn connection(
    stream: TcpStream,
    peer: SocketAddr,
    pace: Arc<Pace>,
    service: HttpService,
    config: &ConnectionsConfig,
) -> impl GracefulConnection<Error: Send> + Send + use<> {
    let requests = Arc::clone(&pace);
    let service = service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(ConnectInfo(peer));
        let (service, pace) = (service.clone(), Arc::clone(&requests));
        async move {
            pace.answering();
            let response = service.respond(request.map(Body::new)).await;
            pace.idle();
            Ok::<_, Infallible>(response)
        }
    });
    // The request's time limit ends when its response begins. This one is for clients that stop reading.
    let mut stream = TimeoutStream::new(stream);
    stream.set_write_timeout(Some(config.request_time));
    Builder::new()
        .timer(TokioTimer::new())
        // It would count the time between requests, too.
        .header_read_timeout(None)
        .max_buf_size(64 * 1024)
        .serve_connection(TokioIo::new(Paced::new(Box::pin(stream), pace)), service)
}
