//! `cargo xtask demo`: from a clean clone to a running demo site, and back to nothing on Ctrl-C.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use clap::Args;

use crate::ports::Ports;
use crate::process::{self, Service};
use crate::settings::{self, Database, Settings, Variables};
use crate::{assets, http_probe, repo};

const START_UP: Duration = Duration::from_secs(60);

#[derive(Args)]
pub(crate) struct Options {
    /// Port of the site; the sandbox takes the two above it
    #[arg(long, default_value_t = 3000)]
    port: u16,
    /// Use a throw-away database
    #[arg(long)]
    ephemeral: bool,
}

/// Builds, starts, waits for the end.
pub(crate) fn run(options: &Options) -> Result<()> {
    process::listen_for_stop()?;
    let ports = Ports::from_base(options.port)?;
    ports.ensure_free()?;
    let site = assets::build_all()?;
    let database = if options.ephemeral {
        Database::throw_away()?
    } else {
        Database::kept(ports)?
    };
    let settings = Settings::new(ports, &database.file, &site, repo::variable)?;
    let Some(mut pair) = start_until_stopped(&settings, ports)? else {
        return Ok(());
    };
    println!("\n{}", table(ports));
    pair.release_output();
    while !process::stop_requested() {
        pair.check()?;
        process::pause();
    }
    println!("\nStopping.");
    pair.stop();
    Ok(())
}

fn start_until_stopped(settings: &Settings, ports: Ports) -> Result<Option<Pair>> {
    let started = assets::headline("Starting", || Pair::start(settings, ports));
    match started {
        Err(_) if process::stop_requested() => Ok(None),
        Err(error) => Err(error),
        Ok(pair) => Ok(Some(pair)),
    }
}

/// The sandbox and the server, both ready. Dropped, they stop: first the server, then its vendors.
pub(crate) struct Pair {
    server: Service,
    sandbox: Service,
}

impl Pair {
    /// Starts both, one after the other, and waits until both say that they are ready: the sandbox leaves files that
    /// the server reads at its start.
    pub(crate) fn start(settings: &Settings, ports: Ports) -> Result<Self> {
        let deadline = Instant::now() + START_UP;
        let mut sandbox = start("sandbox", "latchkey-sandbox", &settings.sandbox)?;
        wait_for(&mut sandbox, ports.sandbox, "/health", deadline)?;
        let mut server = start("server", "latchkey", &settings.server)?;
        wait_for(&mut server, ports.site, "/health/ready", deadline)?;
        Ok(Self { server, sandbox })
    }

    /// An error if one of the two has ended.
    pub(crate) fn check(&mut self) -> Result<()> {
        self.server.check()?;
        self.sandbox.check()
    }

    /// Lets both speak.
    pub(crate) fn release_output(&self) {
        self.server.release_output();
        self.sandbox.release_output();
    }

    /// Ends both in order.
    pub(crate) fn stop(&mut self) {
        self.server.stop();
        self.sandbox.stop();
    }
}

fn start(name: &'static str, program: &str, variables: &Variables) -> Result<Service> {
    Service::start(name, settings::program(program, variables)?)
}

fn wait_for(service: &mut Service, port: u16, path: &str, deadline: Instant) -> Result<()> {
    while !http_probe::answers_ok(port, path) {
        service.check()?;
        if process::stop_requested() {
            bail!("Stopped before the end.");
        }
        if Instant::now() > deadline {
            service.release_output();
            bail!(
                "Server or sandbox did not become ready in 60 s; set RUST_LOG=debug and try again."
            );
        }
        process::pause();
    }
    Ok(())
}

/// The path of a program of this workspace, for tests that start their own.
pub(crate) fn binary(name: &str) -> Result<std::path::PathBuf> {
    Ok(repo::binaries()?.join(Path::new(name)))
}

/// What there is to see, and with which users.
fn table(ports: Ports) -> String {
    let (login, site, sandbox) = (
        settings::login_origin(ports),
        settings::site_origin(ports),
        settings::sandbox_url(ports),
    );
    let rows = [
        ("Demo site", site),
        ("Login page", format!("{login}/login")),
        ("Account page", format!("{login}/account")),
        ("Sandbox console", sandbox.clone()),
        ("Mailbox", format!("{sandbox}/mailbox")),
        (
            "Demo users",
            "demo@latchkey.localhost    Dana Demo".to_owned(),
        ),
        ("", "rival@latchkey.localhost   Riva L. Rival".to_owned()),
        (
            "Password of both",
            "correct horse battery staple".to_owned(),
        ),
    ];
    let mut lines: Vec<String> = rows
        .iter()
        .map(|(label, value)| format!("  {label:<18} {value}"))
        .collect();
    lines.push("\n  Ctrl-C stops everything.\n".to_owned());
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_aligned_and_names_the_chosen_ports() {
        let table = table(Ports::from_base(4000).unwrap());
        assert!(
            table.contains("  Login page         http://login.latchkey.localhost:4000/login"),
            "{table}"
        );
        assert!(
            table.contains("  Mailbox            http://localhost:4001/mailbox"),
            "{table}"
        );
    }
}
