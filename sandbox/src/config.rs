//! What can be set from the command line or the environment, with the demo's values as defaults.

use std::fmt;
use std::net::{Ipv4Addr, SocketAddr};
use std::str::FromStr;

use clap::Parser;
use url::Url;

use crate::clock::Clock;
use crate::services::ServiceConfigs;

/// Plays the vendors' clouds (APIs, widgets, failures) and a mailbox, all on this machine.
#[derive(Debug, Clone, Parser)]
#[command(name = "latchkey-sandbox", version)]
pub struct Config {
    /// Address of the sandbox's web server. Port 0 takes any free port.
    #[arg(long, env = "SANDBOX_ADDR", default_value_t = loopback(3001))]
    pub addr: SocketAddr,
    /// Origin of the host's login pages, the only one a widget's pop-up may answer from.
    #[arg(long, env = "SANDBOX_LOGIN_ORIGIN", default_value_t = Origin::demo("login", 3000))]
    pub login_origin: Origin,
    /// Origin of the customer's site that embeds the widgets.
    #[arg(long, env = "SANDBOX_SITE_ORIGIN", default_value_t = Origin::demo("www", 3000))]
    pub site_origin: Origin,
    /// Origin under which browsers reach the sandbox [default: http://localhost:PORT]
    #[arg(long, env = "SANDBOX_URL")]
    pub public_url: Option<Origin>,
    /// What each service adds.
    #[command(flatten)]
    pub services: ServiceConfigs,
    /// Decides every expiry; not settable from outside.
    #[arg(skip)]
    pub clock: Clock,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            addr: loopback(3001),
            login_origin: Origin::demo("login", 3000),
            site_origin: Origin::demo("www", 3000),
            public_url: None,
            services: ServiceConfigs::default(),
            clock: Clock::default(),
        }
    }
}

impl Config {
    /// The demo's values on free ports, for tests that run side by side.
    pub fn ephemeral() -> Self {
        let mut config = Self {
            addr: loopback(0),
            ..Self::default()
        };
        config.services.mailbox.smtp_addr = loopback(0);
        config
    }
}

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

    /// An origin of the demo's domain, which is one site for browsers.
    pub(crate) fn demo(host: &str, port: u16) -> Self {
        Self(format!("http://{host}.latchkey.localhost:{port}"))
    }

    /// The origin without a slash at its end.
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
