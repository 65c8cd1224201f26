//! Settings from the command line and the environment; the defaults are the demo's.

use std::net::SocketAddr;

use clap::Parser;

use crate::clock::Clock;
use crate::origin::{Origin, loopback};
use crate::services::ServiceConfigs;

/// The version, with the commit and its date if it was built for deployment.
const VERSION: &str = match option_env!("DIST_VERSION") {
    Some(version) => version,
    None => concat!(env!("CARGO_PKG_VERSION"), " (development)"),
};

/// Stands in for the vendors (APIs, widgets, failures), an OpenID provider and a mailbox on this machine.
#[derive(Debug, Clone, Parser)]
#[command(name = "latchkey-sandbox", version = VERSION)]
pub struct Config {
    /// Address of the sandbox's web server. Port 0 takes any free port.
    #[arg(long, env = "SANDBOX_ADDR", default_value_t = loopback(3001))]
    pub addr: SocketAddr,
    /// Origin of the host's login pages; widgets accept messages from no other.
    #[arg(long, env = "SANDBOX_LOGIN_ORIGIN", default_value_t = Origin::demo("login", 3000))]
    pub login_origin: Origin,
    /// Origin of the customer's site that embeds the widgets.
    #[arg(long, env = "SANDBOX_SITE_ORIGIN", default_value_t = Origin::demo("www", 3000))]
    pub site_origin: Origin,
    /// Origin under which browsers reach the sandbox [default: http://localhost:PORT]
    #[arg(long, env = "SANDBOX_URL")]
    pub public_url: Option<Origin>,
    /// Stop when standard input ends, as it does when the program that started this one has ended
    #[arg(long)]
    pub until_input_ends: bool,
    /// The settings of each service.
    #[command(flatten)]
    pub services: ServiceConfigs,
    /// Decides every expiry. Only tests set it.
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
            until_input_ends: false,
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
