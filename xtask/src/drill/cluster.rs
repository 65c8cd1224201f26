//! Several servers on one database, each on a port of its own.

use std::path::Path;

use anyhow::Result;
use demo_settings::Settings;

use crate::process::Service;
use crate::{demo, http_probe, postgres};

/// The running servers.
pub(super) struct Cluster {
    settings: Settings,
    pub(super) ports: Vec<u16>,
    servers: Vec<Service>,
}

impl Cluster {
    /// Starts so many servers of this program.
    pub(super) fn start(program: &Path, settings: &Settings, count: usize) -> Result<Self> {
        let ports: Vec<u16> = (0..count)
            .map(|_| postgres::free_port())
            .collect::<Result<_>>()?;
        let servers = ports
            .iter()
            .map(|port| demo::start_node(program, settings, *port));
        Ok(Self {
            settings: settings.clone(),
            servers: servers.collect::<Result<_>>()?,
            ports,
        })
    }

    /// Kills a server as a power failure would, and starts this program in its place.
    pub(super) fn kill(&mut self, index: usize, program: &Path) -> Result<()> {
        self.servers[index].kill();
        self.start_at(index, program)
    }

    /// Stops a server, which ends its requests first, and starts this program in its place.
    pub(super) fn replace(&mut self, index: usize, program: &Path) -> Result<()> {
        self.servers[index].stop();
        self.start_at(index, program)
    }

    /// Stops a server and tries to start this program in its place; what it says if it refuses, or `None` if it serves.
    pub(super) fn refusal(&mut self, index: usize, program: &Path) -> Result<Option<String>> {
        self.servers[index].stop();
        demo::refusal_of_node(program, &self.settings, self.ports[index])
    }

    /// Whether all of them can take requests.
    pub(super) fn are_ready(&self) -> bool {
        let mut ports = self.ports.iter();
        ports.all(|port| http_probe::answers_ok(*port, "/health/ready"))
    }

    fn start_at(&mut self, index: usize, program: &Path) -> Result<()> {
        self.servers[index] = demo::start_node(program, &self.settings, self.ports[index])?;
        Ok(())
    }
}
