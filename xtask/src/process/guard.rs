//! Runs a child through a copy of this program that first puts it under the kernel's guard.
//!
//! The request to end with one's parent has to come from the child itself, before it becomes the
//! program that was asked for.

use std::env;
use std::ffi::{OsStr, OsString};
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};

/// The hidden command that runs a child under guard.
pub(crate) const GUARD: &str = "guard";

/// The same command, to be run through [`guard`] by a copy of this program.
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
        // Still this very program when Cargo has meanwhile put a newer one in its place.
        return Ok("/proc/self/exe".into());
    }
    env::current_exe().context("Cannot tell where this program is; start it with `cargo xtask`.")
}

/// Becomes `command`, which the kernel kills as soon as the process `parent` is gone.
pub(crate) fn guard(parent: u32, command: &[OsString]) -> Result<()> {
    #[cfg(target_os = "linux")]
    rustix::process::set_parent_process_death_signal(Some(rustix::process::Signal::KILL))
        .context("The kernel refuses to guard a child process; start the program by hand.")?;
    let alive = rustix::process::getppid()
        .is_some_and(|id| id.as_raw_nonzero().get().cast_unsigned() == parent);
    if !alive {
        bail!("Stopped before the end.");
    }
    let program = command.first().map_or(OsStr::new(""), OsString::as_os_str);
    let error = Command::new(program).args(command.iter().skip(1)).exec();
    Err(error).with_context(|| format!("Cannot start {}; is it installed?", program.display()))
}
