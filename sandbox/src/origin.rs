//! Addresses: where the sandbox listens, and the web origins that it works with.

use std::fmt;
use std::net::{Ipv4Addr, SocketAddr};
use std::str::FromStr;

use url::Url;

pub(crate) fn loopback(port: u16) -> SocketAddr {
    SocketAddr::from((Ipv4Addr::LOCALHOST, port))
}

/// A web origin in the form browsers send it: scheme, host, port if it is not the usual one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin(String);

impl Origin {
    pub(crate) fn localhost(port: u16) -> Self {
        Self(format!("http://localhost:{port}"))
    }

    /// An origin on the demo's domain, which browsers treat as one site.
    pub(crate) fn demo(host: &str, port: u16) -> Self {
        Self(format!("http://{host}.latchkey.localhost:{port}"))
    }

    /// The origin without a trailing slash.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Host and port as a `Host` header has them.
    pub(crate) fn authority(&self) -> &str {
        self.0
            .split_once("://")
            .map_or(self.as_str(), |(_, authority)| authority)
    }
}

impl FromStr for Origin {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let url = Url::parse(text).map_err(|error| format!("is not a URL: {error}"))?;
        let origin = url.origin().ascii_serialization();
        if !matches!(url.scheme(), "http" | "https") || text.trim_end_matches('/') != origin {
            return Err("must be an origin such as https://login.example.com".to_owned());
        }
        Ok(Self(origin))
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
