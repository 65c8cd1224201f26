//! Binding sockets. Browsers may try `localhost` as `::1` first, so a loopback address is bound in
//! both families where the machine has both.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use anyhow::Context;
use tokio::net::TcpListener;

/// Binds `addr`, and its twin in the other family if it is a loopback address.
/// The first listener is the one for `addr`. Errors refer to the address by its setting, `name`.
pub(crate) async fn bind(addr: SocketAddr, name: &str) -> anyhow::Result<Vec<TcpListener>> {
    let listener = TcpListener::bind(addr).await.with_context(|| {
        format!("cannot listen on {addr}; choose another address with {name} or stop what uses it")
    })?;
    let port = listener.local_addr()?.port();
    let mut listeners = vec![listener];
    match bind_other_loopback(addr.ip(), port).await {
        Some(Ok(twin)) => listeners.push(twin),
        Some(Err(error)) => tracing::debug!(%error, port, "no second loopback listener"),
        None => {}
    }
    Ok(listeners)
}

async fn bind_other_loopback(ip: IpAddr, port: u16) -> Option<io::Result<TcpListener>> {
    let twin: IpAddr = match ip {
        IpAddr::V4(ip) if ip == Ipv4Addr::LOCALHOST => Ipv6Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip == Ipv6Addr::LOCALHOST => Ipv4Addr::LOCALHOST.into(),
        _ => return None,
    };
    Some(TcpListener::bind((twin, port)).await)
}
