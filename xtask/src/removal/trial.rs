//! `cargo xtask test removal`: removes each vendor from a copy of the workspace; the rest must build and pass
//! its tests.
//!
//! All copies are made in the same folder, without rewriting unchanged files, and use this workspace's target
//! folder, so that Cargo rebuilds only what depends on the vendor.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::{ensure_known, remove, vendors};
use crate::assets::headline;
use crate::{process, repo, tidy};

/// Makes warnings errors, as in `cargo xtask check`.
const NO_WARNINGS: &str = "\n[workspace.lints.rust]\nwarnings = \"deny\"\n";

/// Tries to remove each of the named vendors, or each vendor if no name is given.
pub(crate) fn try_out(names: &[String]) -> Result<()> {
    let root = repo::root();
    let all = vendors(&root)?;
    for name in names {
        ensure_known(name, &all)?;
    }
    let copy = repo::target()?.join("removal");
    for vendor in all {
        if names.is_empty() || names.contains(&vendor) {
            headline(&format!("Without {vendor}"), || {
                without(&vendor, &root, &copy)
            })?;
        }
    }
    Ok(())
}

fn without(vendor: &str, root: &Path, copy: &Path) -> Result<()> {
    synchronize(root, copy)?;
    remove(copy, vendor)?;
    let violations = tidy::violations(copy)?;
    if let Some(violation) = violations.first() {
        bail!("Without {vendor}, a tidy rule is broken: {violation}");
    }
    let manifest = copy.join("Cargo.toml");
    let strict = [repo::read(&manifest)?, NO_WARNINGS.into()].concat();
    repo::write(&manifest, strict)?;
    cargo(copy, &["--all-targets", "--no-run"], vendor)?;
    cargo(copy, &["--lib", "--bins", "--tests"], vendor)?;
    browser_tests_compile(root, copy, vendor)
}

fn cargo(copy: &Path, selection: &[&str], vendor: &str) -> Result<()> {
    let mut cargo = repo::cargo();
    cargo
        .current_dir(copy)
        .env("CARGO_TARGET_DIR", repo::target()?)
        .args(["test", "--quiet"])
        .args(repo::PROGRAMS)
        .args(selection);
    process::run(
        cargo,
        &format!("Without {vendor}, the rest does not build or pass; the message above says why."),
    )
}

/// Checks that the browser tests compile, if their npm packages are installed.
fn browser_tests_compile(root: &Path, copy: &Path, vendor: &str) -> Result<()> {
    let packages = root.join("end2end/node_modules");
    if !packages.join("typescript").is_dir() {
        return Ok(());
    }
    let link = copy.join("end2end/node_modules");
    if !link.exists() {
        std::os::unix::fs::symlink(&packages, &link)
            .context("Cannot link the npm packages into the copy.")?;
    }
    let mut compiler = Command::new("node");
    compiler
        .arg(packages.join("typescript/bin/tsc"))
        .arg("--noEmit")
        .current_dir(copy.join("end2end"));
    process::run(
        compiler,
        &format!("Without {vendor}, the browser tests do not compile; the message above says why."),
    )
}

/// Makes the copy equal to the tracked files, without rewriting unchanged ones.
fn synchronize(root: &Path, copy: &Path) -> Result<()> {
    let tracked = tracked(root)?;
    for file in &tracked {
        let (from, to) = (root.join(file), copy.join(file));
        let content = repo::read(&from)?;
        if fs::read(&to).is_ok_and(|there| there == content) {
            continue;
        }
        repo::create_folder(to.parent().unwrap_or(copy))?;
        repo::write(&to, content)?;
    }
    delete_others(copy, copy, &tracked)
}

/// The existing files that Git tracks or would add.
fn tracked(root: &Path) -> Result<BTreeSet<PathBuf>> {
    let output = Command::new("git")
        .args([
            "ls-files",
            "--cached",
            "--others",
            "--exclude-standard",
            "-z",
        ])
        .current_dir(root)
        .output()
        .context("Cannot ask Git for the files; is it installed?")?;
    if !output.status.success() {
        bail!("Git cannot list the files; this test needs a clone.");
    }
    let list = String::from_utf8_lossy(&output.stdout);
    let names = list.split('\0').filter(|name| !name.is_empty());
    Ok(names
        .map(PathBuf::from)
        .filter(|name| root.join(name).is_file())
        .collect())
}

fn delete_others(folder: &Path, copy: &Path, tracked: &BTreeSet<PathBuf>) -> Result<()> {
    for path in repo::entries(folder)? {
        if path.is_dir() && !path.is_symlink() {
            delete_others(&path, copy, tracked)?;
        } else if !path.is_symlink()
            && !path
                .strip_prefix(copy)
                .is_ok_and(|name| tracked.contains(name))
        {
            fs::remove_file(&path).with_context(|| format!("Cannot delete {}.", path.display()))?;
        }
    }
    Ok(())
}
