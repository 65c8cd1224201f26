//! The sandbox as a child process.

use std::{
    env, io,
    os::unix::process::CommandExt,
    process::{ChildStdin, Command, ExitStatus, Stdio},
    thread,
};

use anyhow::{Context, Result, anyhow};
use demo_settings::Variables;
use tokio::sync::oneshot;

const PROGRAM: &str = "latchkey-sandbox";

/// The running sandbox. It ends with its standard input, and so with this process, however that ends.
pub(super) struct Sandbox {
    input: Option<ChildStdin>,
    ended: oneshot::Receiver<io::Result<ExitStatus>>,
}

impl Sandbox {
    /// Starts it, in a process group of its own: Ctrl-C reaches only this process, and the sandbox ends after the server.
    pub(super) fn start(variables: &Variables) -> Result<Self> {
        let program = env::current_exe()
            .context("cannot tell where this program is")?
            .with_file_name(PROGRAM);
        let mut child = Command::new(&program)
            .arg("--until-input-ends")
            .envs(variables.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .process_group(0)
            .spawn()
            .with_context(|| {
                format!(
                    "cannot start {}; the demo needs {PROGRAM} beside this program",
                    program.display()
                )
            })?;
        let input = child.stdin.take();
        let (tell, ended) = oneshot::channel();
        thread::spawn(move || tell.send(child.wait()));
        Ok(Self { input, ended })
    }

    /// Completes if it has ended by itself.
    pub(super) async fn ended(&mut self) -> anyhow::Error {
        match (&mut self.ended).await {
            Ok(Ok(status)) => anyhow!("the sandbox ended by itself ({status}); see above"),
            _ => anyhow!("the sandbox cannot be watched"),
        }
    }

    /// Lets it end, and waits for that.
    pub(super) async fn stop(mut self) {
        drop(self.input.take());
        if !self.ended.is_terminated() {
            let _ = self.ended.await;
        }
    }
}
