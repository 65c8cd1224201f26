//! The crates that are compiled into the programs and the wasm, as Cargo resolves them.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use crate::inventory::{Component, license_texts};

const WASM: &str = "wasm32-unknown-unknown";

/// A name and a version.
type Id = (String, String);

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    version: String,
    license: Option<String>,
    manifest_path: PathBuf,
    source: Option<String>,
}

/// The crates of server and sandbox for a target and those of the frontend, without this workspace's own.
pub(crate) fn all(target: &str) -> Result<Vec<Component>> {
    let mut used = BTreeSet::new();
    for (packages, target) in [(&["server", "sandbox"][..], target), (&["frontend"], WASM)] {
        for package in packages {
            used.extend(in_tree(&cargo(&tree(package, target))?));
        }
    }
    let metadata = cargo(&["metadata", "--format-version", "1", "--locked"])?;
    let metadata: Metadata =
        serde_json::from_str(&metadata).context("Cargo's metadata cannot be read.")?;
    let lock = fs::read_to_string("Cargo.lock").context("Cannot read Cargo.lock.")?;
    let checksums = checksums(&lock);
    let external = metadata
        .packages
        .into_iter()
        .filter(|package| package.source.is_some());
    external
        .map(|package| ((package.name.clone(), package.version.clone()), package))
        .filter(|(id, _)| used.contains(id))
        .map(|(id, package)| {
            let folder = package
                .manifest_path
                .parent()
                .context("A manifest has a folder.")?;
            Ok(Component {
                url: format!("pkg:cargo/{}@{}", package.name, package.version),
                license: expression(package.license.as_deref().unwrap_or_default()),
                texts: license_texts(folder)?,
                hash: checksums.get(&id).map(|hash| ("SHA-256", hash.clone())),
                name: package.name,
                version: package.version,
            })
        })
        .collect()
}

/// Only what is linked: neither build scripts and procedural macros nor what they need.
fn tree<'a>(package: &'a str, target: &'a str) -> [&'a str; 10] {
    let kinds = "normal,no-proc-macro";
    [
        "tree", "-p", package, "--target", target, "-e", kinds, "--prefix", "none", "--locked",
    ]
}

fn cargo(arguments: &[&str]) -> Result<String> {
    let mut cargo = Command::new("cargo");
    let output = cargo.args(arguments).stderr(Stdio::inherit()).output();
    let output = output.context("Cannot start cargo; is it installed?")?;
    if !output.status.success() {
        bail!("Cargo cannot list the crates; its message above says why.");
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// The crates in lines such as `serde v1.0.0`.
fn in_tree(text: &str) -> impl Iterator<Item = Id> {
    text.lines().filter_map(|line| {
        let mut words = line.split(' ');
        let (name, version) = (words.next()?, words.next()?.strip_prefix('v')?);
        Some((name.to_owned(), version.to_owned()))
    })
}

/// The checksums of `Cargo.lock`.
fn checksums(lock: &str) -> BTreeMap<Id, String> {
    let value = |package: &str, key: &str| {
        let start = format!("{key} = \"");
        let line = package
            .lines()
            .find_map(|line| line.strip_prefix(start.as_str()))?;
        Some(line.trim_end_matches('"').to_owned())
    };
    let packages = lock.split("[[package]]");
    packages
        .filter_map(|package| {
            let id = (value(package, "name")?, value(package, "version")?);
            Some((id, value(package, "checksum")?))
        })
        .collect()
}

/// Old manifests write `MIT/Apache-2.0`, which is no SPDX expression.
fn expression(license: &str) -> String {
    license
        .split('/')
        .map(str::trim)
        .collect::<Vec<_>>()
        .join(" OR ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn crates_are_read_from_a_tree_and_their_checksums_from_the_lock_file() {
        let tree = "server v0.0.0 (/src/server)\nserde v1.0.2\nserde v1.0.2 (*)\n\n";
        let used: BTreeSet<Id> = in_tree(tree).collect();
        let serde = ("serde".to_owned(), "1.0.2".to_owned());
        assert_eq!(used.len(), 2);
        assert!(used.contains(&serde));
        let lock = "version = 4\n\n[[package]]\nname = \"serde\"\nversion = \"1.0.2\"\n\
                    source = \"registry\"\nchecksum = \"abc\"\n\n[[package]]\nname = \"server\"\nversion = \"0.0.0\"\n";
        assert_eq!(checksums(lock), BTreeMap::from([(serde, "abc".to_owned())]));
    }

    #[test]
    fn licenses_become_expressions() {
        assert_eq!(expression("MIT/Apache-2.0"), "MIT OR Apache-2.0");
        assert_eq!(expression("MIT AND (A OR B)"), "MIT AND (A OR B)");
    }
}
