//! Child processes, all of which end with this program, however it ends.
//!
//! Each child leads its own process group. So a stop reaches its own children as well, and Ctrl-C reaches
//! only this program, which then stops the children in order. On Linux, the kernel also kills a child whose
//! parent has ended (see [`guard`]); elsewhere, the children go on running after a SIGKILL of this program.

mod background;
mod guard;

use std::io::{BufRead, BufReader, Read};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use rustix::process::{Pid, Signal, kill_process_group};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

pub(crate) use background::Background;
pub(crate) use guard::{GUARD, guard};

const GRACE: Duration = Duration::from_secs(10);
const POLL: Duration = Duration::from_millis(50);
const REMEMBERED_LINES: usize = 20;

static STOP_REQUESTS: AtomicUsize = AtomicUsize::new(0);

/// From now on, [`stop_requested`] reports Ctrl-C, SIGTERM and SIGHUP, which no longer end this program.
pub(crate) fn listen_for_stop() -> Result<()> {
    let mut signals = Signals::new([SIGINT, SIGTERM, SIGHUP])
        .context("Cannot listen for Ctrl-C; try again in an ordinary terminal.")?;
    thread::spawn(move || {
        for _ in signals.forever() {
            STOP_REQUESTS.fetch_add(1, Ordering::SeqCst);
        }
    });
    Ok(())
}

/// Whether the program was asked to stop.
pub(crate) fn stop_requested() -> bool {
    STOP_REQUESTS.load(Ordering::SeqCst) > 0
}

/// Waits for one polling interval.
pub(crate) fn pause() {
    thread::sleep(POLL);
}

/// Runs a command to its end with its output on the terminal; `advice` is the error message if it fails.
pub(crate) fn run(command: Command, advice: &str) -> Result<()> {
    let mut child = Running::start(command, Stdio::inherit, Stdio::inherit)?;
    loop {
        if stop_requested() || background::is_cancelled() {
            child.stop();
            bail!("Stopped before the end.");
        }
        match child.ended()? {
            Some(status) if status.success() => return Ok(()),
            Some(_) => bail!("{advice}"),
            None => pause(),
        }
    }
}

/// A server that runs until it is stopped or dropped. Its last output is kept for error messages.
pub(crate) struct Service {
    name: &'static str,
    running: Running,
    output: Arc<Mutex<Output>>,
}

#[derive(Default)]
struct Output {
    lines: Vec<String>,
    live: bool,
}

impl Service {
    /// Starts a server; its output is held back until [`Service::release_output`].
    pub(crate) fn start(name: &'static str, command: Command) -> Result<Self> {
        let mut running = Running::start(command, Stdio::piped, Stdio::piped)?;
        let output = Arc::<Mutex<Output>>::default();
        if let Some(stdout) = running.child.stdout.take() {
            listen(name, stdout, &output);
        }
        if let Some(stderr) = running.child.stderr.take() {
            listen(name, stderr, &output);
        }
        Ok(Self {
            name,
            running,
            output,
        })
    }

    /// Fails with the server's last output if it has ended.
    pub(crate) fn check(&mut self) -> Result<()> {
        let Some(status) = self.running.ended()? else {
            return Ok(());
        };
        self.await_output();
        let output = self.output.lock().unwrap_or_else(PoisonError::into_inner);
        if !output.live {
            output
                .lines
                .iter()
                .for_each(|line| eprintln!("{} | {line}", self.name));
        }
        bail!(
            "The {} ended by itself ({status}); its last lines above say why.",
            self.name
        )
    }

    /// The server's last output, if it has ended.
    pub(crate) fn output_if_ended(&mut self) -> Result<Option<String>> {
        if self.running.ended()?.is_none() {
            return Ok(None);
        }
        self.await_output();
        let output = self.output.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(Some(output.lines.join("\n")))
    }

    /// The reading threads may not have read yet what the server wrote just before it ended.
    fn await_output(&self) {
        thread::sleep(Duration::from_millis(100));
    }

    /// Prints the server's output so far and, from now on, every line immediately.
    pub(crate) fn release_output(&self) {
        let mut output = self.output.lock().unwrap_or_else(PoisonError::into_inner);
        output.live = true;
        output
            .lines
            .drain(..)
            .for_each(|line| println!("{} | {line}", self.name));
    }

    /// Kills the server at once.
    pub(crate) fn kill(&mut self) {
        self.running.kill();
    }

    /// Interrupts the server as Ctrl-C does, and kills it if it has not ended after ten seconds.
    pub(crate) fn interrupt(&mut self) {
        self.running.end(Signal::INT);
    }

    /// Asks the server to end, and kills it if it has not ended after ten seconds.
    pub(crate) fn stop(&mut self) {
        self.running.stop();
    }
}

fn listen(name: &'static str, stream: impl Read + Send + 'static, output: &Arc<Mutex<Output>>) {
    let output = Arc::clone(output);
    thread::spawn(move || {
        for line in BufReader::new(stream).split(b'\n').map_while(Result::ok) {
            let line = String::from_utf8_lossy(&line).into_owned();
            let mut output = output.lock().unwrap_or_else(PoisonError::into_inner);
            if output.live {
                println!("{name} | {line}");
                continue;
            }
            if output.lines.len() == REMEMBERED_LINES {
                output.lines.remove(0);
            }
            output.lines.push(line);
        }
    });
}

/// A child process that is stopped when this is dropped.
struct Running {
    child: Child,
    status: Option<ExitStatus>,
}

impl Running {
    fn start(command: Command, stdout: fn() -> Stdio, stderr: fn() -> Stdio) -> Result<Self> {
        let program = command.get_program().to_owned();
        let child = guard::guarded(command)?
            .stdin(Stdio::null())
            .stdout(stdout())
            .stderr(stderr())
            .process_group(0)
            .spawn()
            .with_context(|| format!("Cannot start {}; is it installed?", program.display()))?;
        Ok(Self {
            child,
            status: None,
        })
    }

    fn ended(&mut self) -> Result<Option<ExitStatus>> {
        if self.status.is_none() {
            self.status = self
                .child
                .try_wait()
                .context("Cannot watch a child process; try again.")?;
        }
        Ok(self.status)
    }

    fn stop(&mut self) {
        self.end(Signal::TERM);
    }

    fn end(&mut self, signal: Signal) {
        if !matches!(self.ended(), Ok(None)) {
            return;
        }
        self.signal(signal);
        let asked = STOP_REQUESTS.load(Ordering::SeqCst);
        let deadline = Instant::now() + GRACE;
        while matches!(self.ended(), Ok(None)) {
            let impatient = STOP_REQUESTS.load(Ordering::SeqCst) > asked;
            if impatient || Instant::now() > deadline {
                self.kill();
                return;
            }
            pause();
        }
    }

    fn kill(&mut self) {
        self.signal(Signal::KILL);
        self.status = self.child.wait().ok();
    }

    fn signal(&self, signal: Signal) {
        let id = i32::try_from(self.child.id()).ok().and_then(Pid::from_raw);
        if let Some(group) = id {
            // It fails only if the group has already ended.
            let _ = kill_process_group(group, signal);
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.stop();
    }
}
