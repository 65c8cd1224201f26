//! `cargo xtask demo`: builds and runs the demo, and stops everything on Ctrl-C.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use crate::assets::{self, Frontend, Profile, Site};
use crate::ports::Ports;
use crate::postgres::{Durability, Postgres};
use crate::process::{self, Background, Service};
use crate::settings::{self, Database, Settings, Variables};
use crate::steps::Steps;
use crate::{http_probe, repo};

const START_UP: Duration = Duration::from_secs(60);

/// The steps of the first build; the site is ready before the last ones.
const FIRST: [&str; 5] = [
    "Server and sandbox",
    "Style",
    "Starting",
    "Islands (wasm), while the site answers",
    "Vendors' SDKs",
];

/// The port and the database to start with.
#[derive(Debug)]
pub(crate) struct Options {
    pub(crate) port: u16,
    pub(crate) ephemeral: bool,
    /// Whether to store users in a PostgreSQL server of the demo's own.
    pub(crate) postgres: bool,
}

/// Builds and starts the demo, and waits until it ends.
pub(crate) fn run(options: &Options) -> Result<()> {
    process::listen_for_stop()?;
    let Some(mut demo) = Demo::start(options)? else {
        return Ok(());
    };
    let mut islands = demo.build_islands();
    while !process::stop_requested() {
        demo.pair.check()?;
        if let Some(outcome) = islands.outcome() {
            report(&outcome);
        }
        process::pause();
    }
    println!("\nStopping.");
    drop(islands);
    demo.pair.stop();
    Ok(())
}

/// Prints whether the islands were built.
pub(crate) fn report(islands: &Result<Frontend>) {
    match islands {
        Ok(_) => println!("  The islands are ready; reload a page to use them."),
        Err(_) if process::stop_requested() => {}
        Err(error) => println!(
            "  The islands did not build: {error:#}\n  The site works without them; every page works as plain HTML."
        ),
    }
}

/// A running demo.
pub(crate) struct Demo {
    pub(crate) pair: Pair,
    pub(crate) settings: Settings,
    pub(crate) ports: Ports,
    pub(crate) site: Site,
    steps: Option<Steps>,
    // After the server, which still writes while it stops.
    _postgres: Option<Postgres>,
    _database: Database,
}

impl Demo {
    /// Builds what every page needs, starts the demo and prints its URLs; `None` if it was stopped meanwhile.
    pub(crate) fn start(options: &Options) -> Result<Option<Self>> {
        let ports = Ports::from_base(options.port)?;
        ports.ensure_free()?;
        let mut steps = Steps::new(&FIRST);
        steps.next(|| assets::build_programs(Profile::Dev))?;
        let site = steps.next(assets::build_page_files)?;
        let database = if options.ephemeral {
            Database::throw_away(ports)?
        } else {
            Database::kept(ports)?
        };
        let mut settings = Settings::new(ports, &database.file, site.folder(), repo::variable)?;
        let postgres = match options.postgres {
            true => Some(start_postgres(&database, options)?),
            false => None,
        };
        if let Some(postgres) = &postgres {
            settings.use_database(&postgres.url());
        }
        let pair = match steps.next(|| Pair::start(&settings, ports)) {
            Err(_) if process::stop_requested() => return Ok(None),
            outcome => outcome?,
        };
        println!("\n{}", table(ports));
        println!(
            "  The site is ready to use. The wasm for its interactive parts is still being built.\n"
        );
        pair.release_output();
        Ok(Some(Self {
            pair,
            settings,
            ports,
            site,
            steps: Some(steps),
            _postgres: postgres,
            _database: database,
        }))
    }

    /// Restarts both programs.
    pub(crate) fn restart(&mut self) -> Result<()> {
        self.pair.stop();
        self.pair = Pair::start(&self.settings, self.ports)?;
        self.pair.release_output();
        Ok(())
    }

    /// Restarts the server; the sandbox keeps its state.
    pub(crate) fn restart_server(&mut self) -> Result<()> {
        self.pair.server.stop();
        let deadline = Instant::now() + START_UP;
        self.pair.server = start_server(&self.settings, self.ports, deadline)?;
        self.pair.server.release_output();
        Ok(())
    }

    /// Builds the islands in the background while the site runs.
    pub(crate) fn build_islands(&mut self) -> Background<Frontend> {
        let mut steps = self
            .steps
            .take()
            .unwrap_or_else(|| Steps::new(&["Islands (wasm)", "Vendors' SDKs"]));
        let site = self.site.clone();
        Background::start(move || assets::build_islands(&mut steps, &site, Profile::Dev))
    }
}

/// A PostgreSQL server whose data is beside the database file that it replaces.
fn start_postgres(database: &Database, options: &Options) -> Result<Postgres> {
    if options.ephemeral {
        return Postgres::temporary(Durability::Volatile);
    }
    Postgres::kept(&database.file.with_extension("postgres"))
}

/// The sandbox and the server, both ready. When this is dropped, the server stops first, then the sandbox.
pub(crate) struct Pair {
    server: Service,
    sandbox: Service,
}

impl Pair {
    /// Starts the sandbox, then the server, and waits until each is ready. In this order, since the sandbox
    /// writes files that the server reads at startup.
    pub(crate) fn start(settings: &Settings, ports: Ports) -> Result<Self> {
        let deadline = Instant::now() + START_UP;
        let mut sandbox = start("sandbox", "latchkey-sandbox", &settings.sandbox)?;
        wait_for(&mut sandbox, ports.sandbox, "/health", deadline)?;
        let server = start_server(settings, ports, deadline)?;
        Ok(Self { server, sandbox })
    }

    /// The same, with the server's log in a file.
    pub(crate) fn start_with_log(
        settings: &Settings,
        ports: Ports,
        log: Option<&str>,
    ) -> Result<Self> {
        let Some(log) = log else {
            return Self::start(settings, ports);
        };
        let deadline = Instant::now() + START_UP;
        let mut sandbox = start("sandbox", "latchkey-sandbox", &settings.sandbox)?;
        wait_for(&mut sandbox, ports.sandbox, "/health", deadline)?;
        let program = settings::program("latchkey", &settings.server)?;
        let mut shell = Command::new("sh");
        shell
            .arg("-c")
            // Writes beyond a limit of the size of files fail instead of ending the server.
            .arg("trap '' XFSZ; exec \"$0\" 2>\"$1\"")
            .arg(program.get_program())
            .arg(log);
        for (name, value) in program.get_envs() {
            match value {
                Some(value) => shell.env(name, value),
                None => shell.env_remove(name),
            };
        }
        let mut server = Service::start("server", shell)?;
        wait_for(&mut server, ports.site, "/health/ready", deadline)?;
        Ok(Self { server, sandbox })
    }

    /// The ID of the server's process.
    pub(crate) fn server_id(&self) -> u32 {
        self.server.id()
    }

    /// Kills the server as a power failure would.
    pub(crate) fn kill_server(&mut self) {
        self.server.kill();
    }

    /// Stops the server; the sandbox keeps its state.
    pub(crate) fn stop_server(&mut self) {
        self.server.stop();
    }

    /// Starts a server that should refuse to start; what it says, or `None` if it serves.
    pub(crate) fn refusal_of_server(
        &mut self,
        settings: &Settings,
        ports: Ports,
    ) -> Result<Option<String>> {
        refusal(start("server", "latchkey", &settings.server)?, ports.site)
    }

    /// Starts the server again.
    pub(crate) fn start_server(&mut self, settings: &Settings, ports: Ports) -> Result<()> {
        self.server = start_server(settings, ports, Instant::now() + START_UP)?;
        Ok(())
    }

    /// An error if one of the two has ended.
    pub(crate) fn check(&mut self) -> Result<()> {
        self.server.check()?;
        self.sandbox.check()
    }

    /// Shows the output of both.
    pub(crate) fn release_output(&self) {
        self.server.release_output();
        self.sandbox.release_output();
    }

    /// Stops both in order.
    pub(crate) fn stop(&mut self) {
        self.server.stop();
        self.sandbox.stop();
    }
}

/// Starts the sandbox and waits until it is ready.
pub(crate) fn start_sandbox(settings: &Settings, ports: Ports) -> Result<Service> {
    let mut sandbox = start("sandbox", "latchkey-sandbox", &settings.sandbox)?;
    wait_for(
        &mut sandbox,
        ports.sandbox,
        "/health",
        Instant::now() + START_UP,
    )?;
    Ok(sandbox)
}

/// Starts a server that listens on another port than its origins name, and waits until it is ready.
pub(crate) fn start_node(program: &Path, settings: &Settings, port: u16) -> Result<Service> {
    let mut server = start("server", program, &of_node(settings, port))?;
    wait_for(
        &mut server,
        port,
        "/health/ready",
        Instant::now() + START_UP,
    )?;
    Ok(server)
}

/// Starts such a server, which should refuse to start; what it says, or `None` if it serves.
pub(crate) fn refusal_of_node(
    program: &Path,
    settings: &Settings,
    port: u16,
) -> Result<Option<String>> {
    refusal(start("server", program, &of_node(settings, port))?, port)
}

fn of_node(settings: &Settings, port: u16) -> Variables {
    let mut variables = settings.server.clone();
    let address = format!("127.0.0.1:{port}");
    variables.push(("LATCHKEY_ADDR".to_owned(), address.into()));
    variables
}

fn refusal(mut server: Service, port: u16) -> Result<Option<String>> {
    while !http_probe::answers_ok(port, "/health/live") {
        if let Some(said) = server.output_if_ended()? {
            return Ok(Some(said));
        }
        if process::stop_requested() {
            bail!("Stopped before the end.");
        }
        process::pause();
    }
    Ok(None)
}

fn start_server(settings: &Settings, ports: Ports, deadline: Instant) -> Result<Service> {
    let mut server = start("server", "latchkey", &settings.server)?;
    wait_for(&mut server, ports.site, "/health/ready", deadline)?;
    Ok(server)
}

fn start(name: &'static str, program: impl AsRef<Path>, variables: &Variables) -> Result<Service> {
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
pub(crate) fn binary(name: &str) -> Result<PathBuf> {
    Ok(repo::binaries()?.join(Path::new(name)))
}

/// A table of the demo's URLs and users.
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
