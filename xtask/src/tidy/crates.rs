//! Limits the number of crates that a package depends on, since every crate makes the first build longer.

use std::collections::BTreeSet;
use std::process::Stdio;

use anyhow::{Context, Result, bail};

use super::Violation;
use crate::repo;

/// Native packages are counted for one platform, so that the count is the same on every machine.
const LINUX: &str = "x86_64-unknown-linux-gnu";

/// A package, its target, and the maximum number of its crates, including build dependencies.
const CAPS: [(&str, &str, usize); 3] = [
    // 13 of them for PostgreSQL, 3 to read SQLite without a change of thread, 3 for the metrics, and 3 for systemd and the demo,
    // 14 for the password hashes of other systems.
    ("server", LINUX, 445),
    ("sandbox", LINUX, 204),
    ("frontend", repo::WASM_TARGET, 174),
];

/// Every package stays within its cap.
pub(super) fn violations() -> Result<Vec<Violation>> {
    let mut found = Vec::new();
    for (package, target, cap) in CAPS {
        found.extend(violation(package, &tree(package, target)?, cap));
    }
    Ok(found)
}

/// The output of `cargo tree`: the crates of a package, one per line, some repeated.
fn tree(package: &str, target: &str) -> Result<String> {
    let mut cargo = repo::cargo();
    cargo.args(["tree", "-p", package, "--target", target]);
    cargo.args(["-e", "normal,build", "--prefix", "none"]);
    let output = cargo
        .stderr(Stdio::inherit())
        .output()
        .context("Cannot start cargo; is it installed?")?;
    if !output.status.success() {
        bail!("Cargo cannot list the crates of {package}; its message above says why.");
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// The violation if a tree has more crates than the cap.
pub(super) fn violation(package: &str, tree: &str, cap: usize) -> Option<Violation> {
    let crates: BTreeSet<(&str, &str)> = tree
        .lines()
        .filter_map(|line| {
            let (name, rest) = line.split_once(' ')?;
            Some((name, rest.split(' ').next()?))
        })
        .collect();
    let count = crates.len();
    (count > cap).then(|| Violation {
        rule: "crates",
        file: format!("{package}/Cargo.toml"),
        line: 1,
        advice: format!(
            "has {count} crates, more than the {cap} of its cap: see `cargo tree -p {package} --duplicates`, \
             drop what is not needed, or raise the cap in xtask/src/tidy/crates.rs and say why."
        ),
    })
}
