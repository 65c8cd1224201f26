//! The three consecutive ports of a running demo, and whether they are free.

use std::io::ErrorKind;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener};

use anyhow::{Context, Result, bail};

/// The ports of the login and the site, the sandbox's web server, and the sandbox's mail server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ports {
    pub site: u16,
    pub sandbox: u16,
    pub smtp: u16,
}

impl Ports {
    /// The ports `base`, `base + 1` and `base + 2`.
    pub fn from_base(base: u16) -> Result<Self> {
        if !(1024..=65533).contains(&base) {
            bail!("Port {base} is out of range: choose one from 1024 to 65533 with --port.");
        }
        Ok(Self {
            site: base,
            sandbox: base + 1,
            smtp: base + 2,
        })
    }

    /// The first three consecutive free ports, away from the demo's default ports.
    pub fn find_free() -> Result<Self> {
        (3300..3900)
            .step_by(3)
            .filter_map(|base| Self::from_base(base).ok())
            .find(|ports| ports.taken().is_none())
            .context("No three free ports from 3300 to 3900; stop some of the programs that listen there.")
    }

    /// Fails if one of the ports is in use; the message names it.
    pub fn ensure_free(self) -> Result<()> {
        let Some(port) = self.taken() else {
            return Ok(());
        };
        let other = if self.site < 60000 {
            self.site + 100
        } else {
            4000
        };
        bail!(
            "Port {port} is in use: stop the program that listens there, or choose other ports with --port {other}."
        );
    }

    fn taken(self) -> Option<u16> {
        [self.site, self.sandbox, self.smtp]
            .into_iter()
            .find(|port| is_taken(*port))
    }
}

/// Whether a port is in use on either loopback address, since `localhost` can mean both.
fn is_taken(port: u16) -> bool {
    let addresses = [
        SocketAddr::from((Ipv4Addr::LOCALHOST, port)),
        SocketAddr::from((Ipv6Addr::LOCALHOST, port)),
    ];
    addresses.iter().any(|address| {
        TcpListener::bind(address).is_err_and(|error| {
            matches!(
                error.kind(),
                ErrorKind::AddrInUse | ErrorKind::PermissionDenied
            )
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_moves_by_the_same_offset() {
        let ports = Ports::from_base(4100).unwrap();
        assert_eq!(
            ports,
            Ports {
                site: 4100,
                sandbox: 4101,
                smtp: 4102
            }
        );
    }

    #[test]
    fn ports_beyond_the_range_are_refused() {
        assert!(Ports::from_base(65534).is_err());
        assert!(Ports::from_base(80).is_err());
    }

    #[test]
    fn a_taken_port_is_named_with_a_way_out() {
        let ports = Ports::find_free().unwrap();
        let _listener = TcpListener::bind((Ipv4Addr::LOCALHOST, ports.smtp)).unwrap();
        let sentence = ports.ensure_free().unwrap_err().to_string();
        assert!(
            sentence.contains(&ports.smtp.to_string()) && sentence.contains("--port"),
            "{sentence}"
        );
    }
}
