//! Paths of the workspace, Cargo, and helpers for files.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

/// The Rust target of the code that runs in the browser.
pub(crate) const WASM_TARGET: &str = "wasm32-unknown-unknown";

/// The programs and what they share. `frontend` is not among them: Cargo would unify its features of `app` with theirs.
pub(crate) const PROGRAMS: [&str; 8] = [
    "-p",
    "server",
    "-p",
    "sandbox",
    "-p",
    "app",
    "--features",
    "app/ssr",
];

/// The commands and what they use.
pub(crate) const COMMANDS: [&str; 12] = [
    "-p",
    "xtask",
    "-p",
    "bundler",
    "-p",
    "compressor",
    "-p",
    "demo_settings",
    "-p",
    "packer",
    "-p",
    "postgresql",
];

/// The workspace's folder.
pub(crate) fn root() -> PathBuf {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    manifest.parent().unwrap_or(manifest).to_owned()
}

/// The folder of this program, where Cargo puts the other programs as well.
pub(crate) fn binaries() -> Result<PathBuf> {
    let program = env::current_exe()
        .context("Cannot tell where this program is; start it with `cargo xtask`.")?;
    let folder = program.parent().unwrap_or(Path::new("."));
    Ok(folder.to_owned())
}

/// Cargo's target folder, as configured.
pub(crate) fn target() -> Result<PathBuf> {
    let binaries = binaries()?;
    Ok(binaries.parent().unwrap_or(&binaries).to_owned())
}

/// The folder from which the server serves the browser's files.
pub(crate) fn site() -> Result<PathBuf> {
    Ok(target()?.join("site"))
}

/// The folder of the browser tests and their npm packages.
pub(crate) fn end2end() -> PathBuf {
    root().join("end2end")
}

/// A variable of the caller's environment; `None` if it is not set or empty.
#[expect(
    clippy::disallowed_methods,
    reason = "the caller's environment is this program's configuration"
)]
pub(crate) fn variable(name: &str) -> Option<OsString> {
    env::var_os(name).filter(|value| !value.is_empty())
}

/// `cargo`, run as if from a shell in the workspace's folder.
///
/// Removes the variables with which `cargo run` describes this package, since some build scripts, such as
/// ring's, run again when those change.
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

/// Creates a folder and its parents.
pub(crate) fn create_folder(folder: &Path) -> Result<()> {
    let advice = || {
        format!(
            "Cannot create the folder {}; check its parent's permissions.",
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
    let advice = || format!("Cannot write {}; check its permissions.", file.display());
    fs::write(file, content).with_context(advice)
}

/// The paths in a folder, sorted by name; empty if the folder does not exist.
pub(crate) fn entries(folder: &Path) -> Result<Vec<PathBuf>> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let advice = || format!("Cannot list {}; check its permissions.", folder.display());
    let read = fs::read_dir(folder).with_context(advice)?;
    let mut paths = read
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<Vec<_>, _>>()
        .with_context(advice)?;
    paths.sort();
    Ok(paths)
}
