//! The IP address of a request's client.

use std::{
    convert::Infallible,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use axum::{
    extract::{ConnectInfo, FromRef, FromRequestParts},
    http::{HeaderMap, request::Parts},
};
use ipnet::IpNet;

/// The header in which proxies add the address of their client.
pub(super) const FORWARDED_FOR: &str = "x-forwarded-for";

/// The networks of the proxies whose `X-Forwarded-For` is trusted.
#[derive(Clone, Debug)]
pub struct TrustedProxies(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    networks: Vec<IpNet>,
    /// Whether a header that could not be used was logged.
    logged: AtomicBool,
}

impl TrustedProxies {
    pub fn new(networks: &[IpNet]) -> Self {
        Self(Arc::new(Inner {
            networks: networks.to_vec(),
            logged: AtomicBool::new(false),
        }))
    }

    /// Whether an address is a trusted proxy's.
    pub fn contains(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        let mut networks = self.0.networks.iter();
        networks.any(|network| network.contains(&address))
    }

    /// The rightmost address that is not a trusted proxy's. The client may have set everything to its left.
    pub(super) fn client(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let mut client = peer.to_canonical();
        if !self.contains(client) {
            return client;
        }
        let hops = headers.get_all(FORWARDED_FOR).iter();
        let hops: Vec<&[u8]> = hops
            .flat_map(|value| value.as_bytes().split(|byte| *byte == b','))
            .collect();
        if hops.is_empty() {
            self.log(client, b"");
        }
        for hop in hops.iter().rev() {
            if !self.contains(client) {
                break;
            }
            let Some(address) = address(hop) else {
                self.log(client, hop);
                break;
            };
            client = address.to_canonical();
        }
        client
    }

    /// Logs the first header that cannot be used: its clients share the rate limits of the proxy.
    fn log(&self, proxy: IpAddr, hop: &[u8]) {
        if !self.0.logged.swap(true, Ordering::Relaxed) {
            let entry = String::from_utf8_lossy(hop);
            let entry: String = entry.trim().chars().take(100).collect();
            tracing::warn!(%proxy, ?entry, "a trusted proxy sends no address in X-Forwarded-For");
        }
    }
}

/// The address of an entry, which some proxies write with a port, in brackets or in quotes.
fn address(hop: &[u8]) -> Option<IpAddr> {
    let hop = str::from_utf8(hop).ok()?.trim().trim_matches('"');
    if let Ok(address) = hop.parse() {
        return Some(address);
    }
    if let Ok(with_port) = hop.parse::<SocketAddr>() {
        return Some(with_port.ip());
    }
    let bare = hop.strip_prefix('[')?.strip_suffix(']')?;
    bare.parse::<Ipv6Addr>().ok().map(IpAddr::V6)
}

/// Extracts the client's address; `0.0.0.0` if the connection's address is unknown.
#[derive(Clone, Copy, Debug)]
pub struct ClientAddress(pub IpAddr);

impl<S> FromRequestParts<S> for ClientAddress
where
    S: Send + Sync,
    TrustedProxies: FromRef<S>,
{
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Infallible> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        let peer = peer.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |info| info.0.ip());
        Ok(Self(
            TrustedProxies::from_ref(state).client(peer, &parts.headers),
        ))
    }
}

#[cfg(test)]
mod tests;
