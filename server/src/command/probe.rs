//! Asks a server on this machine whether it is ready, without proxies.

use std::{
    io::{self, Read, Write},
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream},
    time::Duration,
};

use tokio::{task::spawn_blocking, time::sleep};

const TIMEOUT: Duration = Duration::from_secs(5);

/// How often [`until_ready`] asks.
const INTERVAL: Duration = Duration::from_millis(20);

/// A response: its status and its body.
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) body: String,
}

/// Requests a path of a host, whose server listens at an address.
pub(super) fn ask(addr: SocketAddr, host: &str, path: &str) -> io::Result<Answer> {
    let mut stream = TcpStream::connect_timeout(&reachable(addr), TIMEOUT)?;
    stream.set_read_timeout(Some(TIMEOUT))?;
    stream.set_write_timeout(Some(TIMEOUT))?;
    write!(
        stream,
        "GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
    )?;
    let mut text = String::new();
    stream.read_to_string(&mut text)?;
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or_default();
    let status = head.split(' ').nth(1).and_then(|code| code.parse().ok());
    Ok(Answer {
        status: status.unwrap_or_default(),
        body: body.trim().to_owned(),
    })
}

/// Completes as soon as the response to a path is 200 from a server that knows its loopback address.
pub(super) async fn until_ready(addr: SocketAddr, path: &'static str) {
    let is_ready = async || {
        let answer = spawn_blocking(move || ask(addr, &addr.to_string(), path)).await;
        matches!(answer, Ok(Ok(Answer { status: 200, .. })))
    };
    while !is_ready().await {
        sleep(INTERVAL).await;
    }
}

/// Where a server that listens on all addresses can be reached.
fn reachable(addr: SocketAddr) -> SocketAddr {
    let ip: IpAddr = match addr.ip() {
        ip if !ip.is_unspecified() => ip,
        IpAddr::V4(_) => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(_) => Ipv6Addr::LOCALHOST.into(),
    };
    SocketAddr::new(ip, addr.port())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_on_all_addresses_is_asked_on_this_machine() {
        for (addr, expected) in [
            ("0.0.0.0:3000", "127.0.0.1:3000"),
            ("[::]:3000", "[::1]:3000"),
            ("10.0.0.1:80", "10.0.0.1:80"),
        ] {
            assert_eq!(reachable(addr.parse().unwrap()), expected.parse().unwrap());
        }
    }
}
