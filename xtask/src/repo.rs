//! Where things are: the workspace's folder, Cargo's target folder, and Cargo itself.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

/// The target of everything that runs in the browser.
pub(crate) const WASM_TARGET: &str = "wasm32-unknown-unknown";

/// The workspace's folder.
pub(crate) fn root() -> PathBuf {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    manifest.parent().unwrap_or(manifest).to_owned()
}

/// The folder this program runs from, which is where Cargo puts the other programs too.
pub(crate) fn binaries() -> Result<PathBuf> {
    let program = env::current_exe()
        .context("Cannot tell where this program is; start it with `cargo xtask`.")?;
    let folder = program.parent().unwrap_or(Path::new("."));
    Ok(folder.to_owned())
}

/// Cargo's target folder, wherever the configuration has put it.
pub(crate) fn target() -> Result<PathBuf> {
    let binaries = binaries()?;
    Ok(binaries.parent().unwrap_or(&binaries).to_owned())
}

/// The folder the server reads the browser's files from.
pub(crate) fn site() -> Result<PathBuf> {
    Ok(target()?.join("site"))
}

/// The folder of the browser tests and their npm packages.
pub(crate) fn end2end() -> PathBuf {
    root().join("end2end")
}

/// A variable of the caller's environment; set but empty counts as not set.
#[expect(
    clippy::disallowed_methods,
    reason = "the caller's environment is this program's configuration"
)]
pub(crate) fn variable(name: &str) -> Option<OsString> {
    env::var_os(name).filter(|value| !value.is_empty())
}

/// `cargo`, as if called from a shell in the workspace's folder.
///
/// `cargo run` describes this package in the environment, and some build scripts (ring's, for one)
/// run again when that description changes.
pub(crate) fn cargo() -> Command {
    let mut command = Command::new(variable("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root());
    for (name, _) in env::vars_os() {
        let text = name.to_string_lossy();
        if text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_") {
            command.env_remove(&name);
        }
    }
    command
}

/// Makes a folder and those above it.
pub(crate) fn create_folder(folder: &Path) -> Result<()> {
    let advice = || {
        format!(
            "Cannot make the folder {}; check that you may write there.",
            folder.display()
        )
    };
    fs::create_dir_all(folder).with_context(advice)
}

/// Reads a file.
pub(crate) fn read(file: &Path) -> Result<Vec<u8>> {
    fs::read(file)
        .with_context(|| format!("Cannot read {}; check that it is there.", file.display()))
}

/// Writes a file.
pub(crate) fn write(file: &Path, content: impl AsRef<[u8]>) -> Result<()> {
    let advice = || {
        format!(
            "Cannot write {}; check that you may write there.",
            file.display()
        )
    };
    fs::write(file, content).with_context(advice)
}

/// The paths inside a folder in the order of their names; none if there is no such folder.
pub(crate) fn entries(folder: &Path) -> Result<Vec<PathBuf>> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let advice = || {
        format!(
            "Cannot list {}; check that you may read it.",
            folder.display()
        )
    };
    let read = fs::read_dir(folder).with_context(advice)?;
    let mut paths = read
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<Vec<_>, _>>()
        .with_context(advice)?;
    paths.sort();
    Ok(paths)
}
