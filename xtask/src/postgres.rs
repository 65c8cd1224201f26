//! A PostgreSQL server of its own: the system's programs, with their data in a folder that only they use.

use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::fs::chown;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};
use std::{env, fs};

use anyhow::{Context, Result, bail};
use postgresql::{Programs, USER};

use crate::process::{self, Service};
use crate::{repo, tools};

const START_UP: Duration = Duration::from_secs(30);

/// Whether data must survive a power failure.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Durability {
    Durable,
    /// Faster; for data that no one misses.
    Volatile,
}

/// A running PostgreSQL server. When this is dropped, it stops, and temporary data is deleted.
pub(crate) struct Postgres {
    service: Option<Service>,
    programs: Programs,
    folder: PathBuf,
    port: u16,
    durability: Durability,
    is_temporary: bool,
    /// More settings, such as `shared_buffers=1GB`.
    settings: &'static [&'static str],
}

impl Postgres {
    /// A new server in a temporary folder.
    pub(crate) fn temporary(durability: Durability) -> Result<Self> {
        let port = free_port()?;
        let name = format!("latchkey-postgres-{}-{port}", std::process::id());
        let mut postgres = Self::new(&env::temp_dir().join(name), port, durability)?;
        postgres.is_temporary = true;
        postgres.start()?;
        Ok(postgres)
    }

    /// A new server in a folder of its own, which is deleted with it, with more settings.
    pub(crate) fn tuned(folder: &Path, settings: &'static [&'static str]) -> Result<Self> {
        let mut postgres = Self::new(folder, free_port()?, Durability::Durable)?;
        postgres.is_temporary = true;
        postgres.settings = settings;
        postgres.start()?;
        Ok(postgres)
    }

    /// A server whose data is kept in a folder.
    pub(crate) fn kept(folder: &Path) -> Result<Self> {
        let mut postgres = Self::new(folder, free_port()?, Durability::Durable)?;
        postgres.start()?;
        Ok(postgres)
    }

    fn new(folder: &Path, port: u16, durability: Durability) -> Result<Self> {
        Ok(Self {
            service: None,
            programs: tools::ensure_postgres()?
                .context("PostgreSQL is not installed; install your system's package of it.")?,
            folder: folder.to_owned(),
            port,
            durability,
            is_temporary: false,
            settings: &[],
        })
    }

    /// The server's URL, without a database.
    pub(crate) fn url(&self) -> String {
        postgresql::url(self.port)
    }

    /// Starts the server, and creates its data if there is none.
    pub(crate) fn start(&mut self) -> Result<()> {
        let data = self.folder.join("data");
        if !data.join("PG_VERSION").is_file() {
            repo::create_folder(&self.folder)?;
            give_away(&self.folder)?;
            self.programs
                .create(&data)
                .context("PostgreSQL could not create its files.")?;
        }
        let sync = match self.durability {
            Durability::Durable => "fsync=on",
            Durability::Volatile => "fsync=off",
        };
        let settings = ["max_connections=300", "log_min_messages=fatal", sync];
        let settings = settings.into_iter().chain(self.settings.iter().copied());
        let server = self
            .programs
            .server(&data, self.port, &self.folder, settings);
        self.service = Some(Service::start("postgres", server)?);
        self.wait()
    }

    /// Stops the server as an operator does who does not wait for its clients.
    pub(crate) fn stop(&mut self) {
        if let Some(mut service) = self.service.take() {
            service.interrupt();
        }
    }

    fn wait(&mut self) -> Result<()> {
        let deadline = Instant::now() + START_UP;
        loop {
            if self.programs.is_ready(self.port) {
                return Ok(());
            }
            if let Some(service) = &mut self.service {
                service.check()?;
            }
            if Instant::now() > deadline || process::stop_requested() {
                bail!("PostgreSQL did not become ready.");
            }
            process::pause();
        }
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        self.stop();
        if self.is_temporary {
            // If this fails, the system deletes it with its other temporary files.
            let _ = fs::remove_dir_all(&self.folder);
        }
    }
}

/// Makes a folder one of the user who runs PostgreSQL.
fn give_away(folder: &Path) -> Result<()> {
    if !postgresql::is_root() {
        return Ok(());
    }
    let id = |option: &str| -> Result<u32> {
        let id = tools::output(Command::new("id").args([option, USER]))
            .with_context(|| format!("There is no user {USER} to run PostgreSQL."))?;
        Ok(id.trim().parse()?)
    };
    chown(folder, Some(id("-u")?), Some(id("-g")?))
        .with_context(|| format!("Cannot give {} to the user {USER}.", folder.display()))
}

/// A port that no program listens on.
pub(crate) fn free_port() -> Result<u16> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    Ok(listener.local_addr()?.port())
}
