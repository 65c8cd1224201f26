//! `cargo xtask check`: everything that can be checked without running the code.

use anyhow::Result;

use crate::steps::{headline, with_table};
use crate::{process, repo, tidy, tools};

/// One call of Clippy for each set of features, since Cargo would unify `ssr` and `hydrate` in one call.
const LINTS: [(&str, &[&str], &[&str]); 4] = [
    (
        "Lints of server, sandbox and app",
        &repo::PROGRAMS,
        &["--all-targets"],
    ),
    (
        "Lints of the frontend",
        &["-p", "frontend"],
        &["--target", repo::WASM_TARGET],
    ),
    (
        "Lints of the frontend with the login's islands alone",
        &["-p", "frontend", "--no-default-features"],
        &["--target", repo::WASM_TARGET],
    ),
    (
        "Lints of xtask and its programs",
        &repo::COMMANDS,
        &["--all-targets"],
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
        process::run(cargo, "The code is not formatted; run `cargo fmt --all`.")
    })?;
    headline("Tidy rules", || tidy::run(None))?;
    tools::ensure_wasm_target()?;
    for (name, packages, targets) in LINTS {
        headline(name, || {
            let mut cargo = repo::cargo();
            cargo
                .arg("clippy")
                .args(packages)
                .args(targets)
                .args(["--", "-D", "warnings"]);
            process::run(
                cargo,
                "Clippy found problems; its messages above say what to change.",
            )
        })?;
    }
    Ok(())
}
