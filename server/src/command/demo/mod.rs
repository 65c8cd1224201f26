//! `latchkey demo`: the server with demo data in this process, and the sandbox, whose program is beside this one.

mod sandbox;

use std::{convert::Infallible, env, future::pending, net::SocketAddr, path::Path};

use anyhow::Result;
use clap::Args;
use demo_settings::{Database, Ports, Settings, table};
use tokio::select;

use super::{probe::until_ready, serve};
use crate::{config::Source, startup::Config};
use sandbox::Sandbox;

/// The folder for the demo's data, below the current one.
const DATA: &str = "data";

/// The arguments of `latchkey demo`.
#[derive(Args)]
pub struct DemoArguments {
    /// Port of the site; the sandbox takes the two above it
    #[arg(long, default_value_t = 3000)]
    port: u16,
    /// Delete all data at the end
    #[arg(long)]
    ephemeral: bool,
}

impl DemoArguments {
    pub(super) async fn run(self) -> Result<()> {
        let ports = Ports::from_base(self.port)?;
        ports.ensure_free()?;
        let database = match self.ephemeral {
            true => Database::throw_away(ports)?,
            false => Database::kept(Path::new(DATA), ports)?,
        };
        let settings = settings(ports, &database)?;
        let mut sandbox = Sandbox::start(&settings.sandbox)?;
        let outcome = select! {
            outcome = run(ports, &settings) => outcome,
            error = sandbox.ended() => Err(error),
        };
        sandbox.stop().await;
        outcome
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "every setting of the demo can be replaced"
)]
fn settings(ports: Ports, database: &Database) -> Result<Settings> {
    let set = |name: &str| env::var_os(name).filter(|value| !value.is_empty());
    Settings::new(ports, &database.file, set)
}

/// Serves as soon as the sandbox is ready, which writes files that the server reads at its start.
async fn run(ports: Ports, settings: &Settings) -> Result<()> {
    until_ready(loopback(ports.sandbox), "/health").await;
    let demo = settings.server.iter();
    let demo = demo.map(|(name, value)| (name.clone(), value.to_string_lossy().into_owned()));
    let source = Source::new(env::vars().chain(demo)).with_named_file();
    let config = Config::from_source(&source)?;
    select! {
        outcome = serve::run(&config) => outcome,
        never = announce(ports, config.http.addr) => match never {},
    }
}

/// Prints the table when the server is ready.
#[expect(clippy::print_stdout, reason = "the command's output")]
async fn announce(ports: Ports, addr: SocketAddr) -> Infallible {
    until_ready(addr, "/health/ready").await;
    println!("\n{}", table(ports));
    pending().await
}

fn loopback(port: u16) -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], port))
}
