//! Starts a child process through a copy of this program, which first asks the kernel to kill it when its
//! parent ends.
//!
//! That request must come from the child itself, before it executes the actual program.

use std::env;
use std::ffi::{OsStr, OsString};
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};

/// The hidden command that runs a child with this protection.
pub(crate) const GUARD: &str = "guard";

/// Wraps a command so that a copy of this program runs it through [`guard`].
pub(super) fn guarded(command: Command) -> Result<Command> {
    let mut guarded = Command::new(own_program()?);
    guarded
        .arg(GUARD)
        .arg(std::process::id().to_string())
        .arg("--");
    guarded.arg(command.get_program()).args(command.get_args());
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => guarded.env(name, value),
            None => guarded.env_remove(name),
        };
    }
    if let Some(folder) = command.get_current_dir() {
        guarded.current_dir(folder);
    }
    Ok(guarded)
}

fn own_program() -> Result<PathBuf> {
    if cfg!(target_os = "linux") {
        // Still this program, even if Cargo has replaced its file with a newer build.
        return Ok("/proc/self/exe".into());
    }
    env::current_exe().context("Cannot tell where this program is; start it with `cargo xtask`.")
}

/// Executes `command` in place of this process. The kernel kills it as soon as the process `parent` has
/// ended.
pub(crate) fn guard(parent: u32, command: &[OsString]) -> Result<()> {
    #[cfg(target_os = "linux")]
    rustix::process::set_parent_process_death_signal(Some(rustix::process::Signal::KILL)).context(
        "The kernel cannot tie a child process to its parent; start the program by hand.",
    )?;
    let alive = rustix::process::getppid()
        .is_some_and(|id| id.as_raw_nonzero().get().cast_unsigned() == parent);
    if !alive {
        bail!("Stopped before the end.");
    }
    let program = command.first().map_or(OsStr::new(""), OsString::as_os_str);
    let error = Command::new(program).args(command.iter().skip(1)).exec();
    Err(error).with_context(|| format!("Cannot start {}; is it installed?", program.display()))
}
