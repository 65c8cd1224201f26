//! A contestant: where its servers listen, its session cookie and its CPU time.

use std::{
    fs,
    net::{Ipv4Addr, SocketAddr},
    path::Path,
    process::{Child, Command},
    time::Duration,
};

use tokio::{net::TcpStream, time::sleep};

use crate::{
    support::{LOGIN, Server, free_port},
    twin,
};

/// Ticks per second of the process times in `/proc`, on all common Linux systems.
const TICKS: u64 = 100;

/// One server, or several on one database that share the load.
pub struct Contestant {
    pub name: &'static str,
    pub servers: Vec<Address>,
    /// The `Host` header of requests.
    pub host: String,
    pub cookie: String,
    _owned: Option<Killed>,
}

/// Where a server listens, and its process.
pub struct Address {
    pub addr: SocketAddr,
    process: u32,
}

/// A process that is killed when this is dropped.
struct Killed(Child);

impl Drop for Killed {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Contestant {
    /// Servers that are already running.
    pub fn latchkey(name: &'static str, servers: &[Server], cookie: &str) -> Self {
        let address = |server: &Server| Address {
            addr: (Ipv4Addr::LOCALHOST, server.port).into(),
            process: server.process.id(),
        };
        Self {
            name,
            servers: servers.iter().map(address).collect(),
            host: LOGIN.to_owned(),
            cookie: cookie.to_owned(),
            _owned: None,
        }
    }

    /// The bare twin, with the real program's database and keys.
    pub async fn twin(files: &Path, database: &str, cookie: &str) -> Self {
        twin::check_statement();
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args([twin::KIND, database]);
        Self::start("bare twin", command, files, cookie).await
    }

    /// A program that takes a port and a folder as its last arguments.
    pub async fn start(
        name: &'static str,
        mut command: Command,
        files: &Path,
        cookie: &str,
    ) -> Self {
        let port = free_port();
        let child = command.arg(port.to_string()).arg(files).spawn().unwrap();
        let addr = (Ipv4Addr::LOCALHOST, port).into();
        while TcpStream::connect(addr).await.is_err() {
            sleep(Duration::from_millis(50)).await;
        }
        let process = child.id();
        Self {
            name,
            servers: vec![Address { addr, process }],
            host: addr.to_string(),
            cookie: cookie.to_owned(),
            _owned: Some(Killed(child)),
        }
    }

    /// The CPU time of all processes and their children so far.
    pub fn cpu(&self) -> Duration {
        self.servers.iter().map(Address::cpu).sum()
    }
}

impl Address {
    fn cpu(&self) -> Duration {
        let children = format!("/proc/{0}/task/{0}/children", self.process);
        let children = fs::read_to_string(children).unwrap_or_default();
        let children = children.split_whitespace().map(|id| id.parse().unwrap());
        children.chain([self.process]).map(cpu_of).sum()
    }
}

/// User and system time: fields 14 and 15 of `/proc/PID/stat`. The name in field 2 can contain spaces.
fn cpu_of(process: u32) -> Duration {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).unwrap();
    let fields = stat.rsplit_once(')').unwrap().1.split_whitespace();
    let ticks: u64 = fields
        .skip(11)
        .take(2)
        .map(|field| field.parse::<u64>().unwrap())
        .sum();
    Duration::from_millis(ticks * 1000 / TICKS)
}
