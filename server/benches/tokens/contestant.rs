//! A server under test: its address, its session cookie and its CPU time.

use std::{
    fs,
    net::{Ipv4Addr, SocketAddr},
    path::Path,
    process::{Child, Command},
    time::Duration,
};

use tokio::{net::TcpStream, time::sleep};

use crate::{
    support::{Server, free_port},
    twin,
};

/// Ticks per second of the process times in `/proc`, on all common Linux systems.
const TICKS: u64 = 100;

pub struct Contestant {
    pub name: &'static str,
    pub addr: SocketAddr,
    /// The `Host` header of requests.
    pub host: String,
    pub cookie: String,
    process: u32,
    _owned: Option<Killed>,
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
    /// The real program, which is already running.
    pub fn latchkey(server: &Server, cookie: &str) -> Self {
        let host = server.origin.trim_start_matches("http://");
        let port = host.rsplit_once(':').unwrap().1.parse().unwrap();
        Self {
            name: "latchkey",
            addr: (Ipv4Addr::LOCALHOST, port).into(),
            host: host.to_owned(),
            cookie: cookie.to_owned(),
            process: server.process.id(),
            _owned: None,
        }
    }

    /// The bare twin, with the real program's database and keys.
    pub async fn twin(files: &Path, cookie: &str) -> Self {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.arg(twin::KIND);
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
        Self {
            name,
            addr,
            host: addr.to_string(),
            cookie: cookie.to_owned(),
            process: child.id(),
            _owned: Some(Killed(child)),
        }
    }

    /// The CPU time of the process and its children so far.
    pub fn cpu(&self) -> Duration {
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
