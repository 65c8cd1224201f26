//! The wasm must contain no server code: checks the dependencies of `frontend` as Cargo resolves them.

use std::process::Stdio;

use anyhow::{Context, Result, bail};

use super::Violation;
use crate::repo;

/// Packages that the wasm must not depend on: they indicate server code or secrets.
const SERVER_ONLY: [&str; 14] = [
    "argon2",
    "axum",
    "hyper",
    "jsonwebtoken",
    "leptos_axum",
    "leptos_i18n",
    "lettre",
    "reqwest",
    "secrecy",
    "sqlx",
    "tokio",
    "tower",
    "tower-http",
    "tower-sessions",
];

/// The packages compiled into the wasm, one name per line.
pub(super) fn dependencies() -> Result<String> {
    let mut cargo = repo::cargo();
    cargo.args([
        "tree",
        "-p",
        "frontend",
        "--target",
        repo::WASM_TARGET,
        "-e",
        "normal",
        "--prefix",
        "none",
    ]);
    let output = cargo
        .stderr(Stdio::inherit())
        .output()
        .context("Cannot start cargo; is it installed?")?;
    if !output.status.success() {
        bail!("Cargo cannot list what the frontend depends on; its message above says why.");
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Finds server packages in the frontend's dependencies.
pub(super) fn violations(tree: &str) -> Vec<Violation> {
    let mut names: Vec<&str> = tree
        .lines()
        .filter_map(|line| line.split(' ').next())
        .collect();
    names.sort_unstable();
    names.dedup();
    let forbidden = names.into_iter().filter(|name| SERVER_ONLY.contains(name));
    forbidden.map(violation).collect()
}

fn violation(name: &str) -> Violation {
    let advice = format!(
        "brings {name} into the wasm; `cargo tree -p frontend --target {} -i {name}` shows through which package.",
        repo::WASM_TARGET
    );
    Violation {
        rule: "wasm",
        file: "frontend/Cargo.toml".to_owned(),
        line: 1,
        advice,
    }
}
