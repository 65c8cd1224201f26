//! The programs of this workspace, as commands.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;
use demo_settings::Variables;

use crate::repo;

/// The path of a program by its name.
pub(crate) fn binary(name: impl AsRef<Path>) -> Result<PathBuf> {
    Ok(repo::binaries()?.join(name))
}

/// A program by its name, or another one by its path, with its variables and without those that are meant for `xtask`.
pub(crate) fn program(name: impl AsRef<Path>, variables: &Variables) -> Result<Command> {
    let mut command = Command::new(binary(name)?);
    command.current_dir(repo::root());
    command.envs(variables.iter().map(|(name, value)| (name, value)));
    command.env_remove("LATCHKEY_CHROMIUM");
    command.env_remove("LATCHKEY_FIREFOX");
    Ok(command)
}
