//! `cargo xtask check`: everything that can be said about the code without running it.

use anyhow::Result;

use crate::steps::{headline, with_table};
use crate::{process, repo, tidy, tools};

/// One call for each set of features: `ssr` and `hydrate` in one would be unified.
const LINTS: [(&str, &[&str]); 3] = [
    (
        "Lints of server, sandbox and app",
        &[
            "-p",
            "server",
            "-p",
            "sandbox",
            "-p",
            "app",
            "--features",
            "app/ssr",
            "--all-targets",
        ],
    ),
    (
        "Lints of the frontend",
        &["-p", "frontend", "--target", repo::WASM_TARGET],
    ),
    (
        "Lints of xtask and the bundler",
        &["-p", "xtask", "-p", "bundler", "--all-targets"],
    ),
];

/// Checks format, tidy rules and lints, quick ones first, and prints how long each took.
pub(crate) fn run() -> Result<()> {
    process::listen_for_stop()?;
    with_table(everything)
}

fn everything() -> Result<()> {
    headline("Format", || {
        let mut cargo = repo::cargo();
        cargo.args(["fmt", "--all", "--check"]);
        process::run(cargo, "The format differs; run `cargo fmt --all`.")
    })?;
    headline("Tidy rules", || tidy::run(None))?;
    tools::ensure_wasm_target()?;
    for (name, selection) in LINTS {
        headline(name, || {
            let mut cargo = repo::cargo();
            cargo
                .arg("clippy")
                .args(selection)
                .args(["--", "-D", "warnings"]);
            process::run(
                cargo,
                "Clippy has something to say; its message above says what to change.",
            )
        })?;
    }
    Ok(())
}
