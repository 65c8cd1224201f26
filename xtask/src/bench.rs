//! `cargo xtask bench`: what the server costs, beside something that does the same without it.

use anyhow::Result;

use crate::{process, repo};

/// Runs one benchmark, or all.
pub(crate) fn run(name: Option<&str>) -> Result<()> {
    process::listen_for_stop()?;
    let mut cargo = repo::cargo();
    cargo.args(["bench", "-p", "server"]);
    match name {
        Some(name) => cargo.args(["--bench", name]),
        None => cargo.arg("--benches"),
    };
    process::run(cargo, "A benchmark failed; its message above says why.")
}
