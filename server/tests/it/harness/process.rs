//! The built program as a separate process, for tests of signals, crashes and the log.

use std::{
    io::Read,
    net::{Ipv4Addr, SocketAddr, TcpListener},
    path::Path,
    process::{Child, Command, ExitStatus, Output, Stdio},
    sync::atomic::{AtomicU16, Ordering},
    thread::JoinHandle,
    time::{Duration, Instant},
};

use rustix::process::{Pid, Signal, kill_process};
use sandbox::Running;
use tokio::task::spawn_blocking;

use super::{Browser, settings};

/// A running `latchkey`; killed when dropped.
pub struct Process {
    pub addr: SocketAddr,
    child: Child,
    log: Option<JoinHandle<String>>,
}

/// What a program prints. It does not run on this thread, whose server may hold a lock for which the program waits.
pub async fn output(mut command: Command) -> Output {
    let ended = spawn_blocking(move || command.output()).await;
    ended.unwrap().unwrap()
}

impl Process {
    /// Starts the program on the files in `folder` and waits until it is ready.
    pub async fn start(sandbox: &Running, folder: &Path, changes: &[(&str, &str)]) -> Self {
        let process = Self::launch(free_address(), sandbox, folder, changes);
        if process.becomes_ready().await {
            return process;
        }
        panic!("not ready after half a minute: {}", process.killed());
    }

    /// Waits until the program is ready, for half a minute at most; returns whether it is.
    pub async fn becomes_ready(&self) -> bool {
        let browser = Browser::new(self.addr);
        for _ in 0..3000 {
            let request = browser
                .client
                .get(format!("http://{}/health/ready", self.addr));
            if request
                .send()
                .await
                .is_ok_and(|response| response.status() == 200)
            {
                return true;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        false
    }

    /// Starts the program without waiting for it.
    pub fn launch(
        addr: SocketAddr,
        sandbox: &Running,
        folder: &Path,
        changes: &[(&str, &str)],
    ) -> Self {
        let settings = settings(addr, sandbox, folder, changes);
        Self::launch_with_log(addr, &settings, Stdio::piped())
    }

    /// Starts the program with its log going elsewhere, or nowhere.
    pub fn launch_with_log(addr: SocketAddr, settings: &[(String, String)], log: Stdio) -> Self {
        // Writes beyond the maximum size of files fail instead of ending the program.
        let mut child = Command::new("/bin/sh")
            .args(["-c", "trap '' XFSZ; exec \"$0\""])
            .arg(env!("CARGO_BIN_EXE_latchkey"))
            .env_clear()
            .envs(settings.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .unwrap();
        let stderr = child.stderr.take();
        let log = std::thread::spawn(move || {
            let mut log = Vec::new();
            if let Some(mut stderr) = stderr {
                let _ = stderr.read_to_end(&mut log);
            }
            String::from_utf8_lossy(&log).into_owned()
        });
        Self {
            addr,
            child,
            log: Some(log),
        }
    }

    /// A browser without cookies.
    pub fn anonymous(&self) -> Browser {
        Browser::new(self.addr)
    }

    /// Sends SIGTERM.
    pub fn terminate(&self) {
        kill_process(self.id(), Signal::TERM).unwrap();
    }

    /// The process's ID.
    pub fn id(&self) -> Pid {
        Pid::from_child(&self.child)
    }

    /// Waits for the program to end, and returns its status and its output.
    pub async fn ended(mut self) -> (ExitStatus, String) {
        let began = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return (status, self.log());
            }
            assert!(began.elapsed() < Duration::from_secs(30), "it does not end");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// Kills the program as a power failure would, and returns its output.
    pub fn killed(mut self) -> String {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        self.log()
    }

    fn log(&mut self) -> String {
        self.log.take().unwrap().join().unwrap()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A free address, below the ephemeral ports, which the system may assign to others in the meantime.
pub fn free_address() -> SocketAddr {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let begin = u16::try_from(std::process::id() % 1000).unwrap() * 10;
    loop {
        let port = 20_000 + (begin + NEXT.fetch_add(1, Ordering::Relaxed)) % 12_000;
        let addr = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        if TcpListener::bind(addr).is_ok() {
            return addr;
        }
    }
}
