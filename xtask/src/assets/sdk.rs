//! Vendors' browser SDKs from npm. Each entry in `sandbox/sdk/` is bundled into one script that a page loads
//! with a `<script>` tag, as if the vendor offered such a file.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::{Profile, bundler, short_hash};
use crate::{process, repo, tools};

const ESBUILD_FLAGS: [&str; 6] = [
    "--bundle",
    "--minify",
    "--format=iife",
    "--platform=browser",
    "--target=es2022",
    "--log-level=warning",
];

/// Writes `sdk/<name>.js` for every entry, for deployment compressed too, unless nothing has changed.
///
/// # Errors
/// If Node.js is missing, or npm cannot install the packages of the lock file. Everything else works without
/// them.
pub(super) fn build(site: &Path, profile: Profile) -> Result<()> {
    let folder = repo::root().join("sandbox/sdk");
    let entries = entries(&folder)?;
    if entries.is_empty() {
        return Ok(());
    }
    if !tools::has_node() {
        bail!("{} is not installed.", tools::NODE);
    }
    tools::ensure_packages(&folder, "the vendors' SDKs")?;
    let output = site.join("sdk");
    let stamp = repo::target()?.join("xtask/sdk.stamp");
    let inputs = fingerprint(&folder, &entries)?;
    if !is_unchanged(&stamp, &inputs, &entries, &output) {
        bundle(&folder, &entries, &output)?;
        repo::write(&stamp, inputs)?;
    }
    match profile {
        Profile::Dev => Ok(()),
        Profile::Release => bundler::compress(&[&output]),
    }
}

/// The entry scripts, which export what a page needs of an SDK. The bundles have the same names.
fn entries(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = repo::entries(folder)?;
    files.retain(|file| file.extension().is_some_and(|extension| extension == "js"));
    Ok(files)
}

fn fingerprint(folder: &Path, entries: &[PathBuf]) -> Result<String> {
    let mut parts = vec![
        repo::read(&folder.join("package-lock.json"))?,
        ESBUILD_FLAGS.join(" ").into_bytes(),
    ];
    for entry in entries {
        parts.push(entry.as_os_str().as_encoded_bytes().to_vec());
        parts.push(repo::read(entry)?);
    }
    Ok(short_hash(parts.iter().map(Vec::as_slice)))
}

fn is_unchanged(stamp: &Path, inputs: &str, entries: &[PathBuf], output: &Path) -> bool {
    let is_complete =
        |entry: &PathBuf| output.join(entry.file_name().unwrap_or_default()).is_file();
    fs::read_to_string(stamp).is_ok_and(|known| known == inputs) && entries.iter().all(is_complete)
}

fn bundle(folder: &Path, entries: &[PathBuf], output: &Path) -> Result<()> {
    if output.is_dir() {
        fs::remove_dir_all(output).with_context(|| {
            format!("Cannot empty {}; check its permissions.", output.display())
        })?;
    }
    repo::create_folder(output)?;
    let mut esbuild = Command::new(folder.join("node_modules/.bin/esbuild"));
    let mut to = OsString::from("--outdir=");
    to.push(output);
    esbuild.args(ESBUILD_FLAGS).arg(to).args(entries);
    process::run(
        esbuild,
        "esbuild could not bundle them; its message above says why.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_entry_counts_and_only_scripts_are_entries() {
        let folder = repo::root().join("sandbox/sdk");
        let all = entries(&folder).unwrap();
        assert!(all.iter().all(|file| file.extension().unwrap() == "js"));
        let whole = fingerprint(&folder, &all).unwrap();
        assert_eq!(whole, fingerprint(&folder, &all).unwrap());
        if let [_, others @ ..] = &all[..] {
            assert_ne!(whole, fingerprint(&folder, others).unwrap());
        }
    }

    #[test]
    fn a_missing_bundle_is_made_again() {
        let nowhere = Path::new("/nonexistent");
        let entry = [PathBuf::from("a.js")];
        assert!(!is_unchanged(nowhere, "", &entry, nowhere));
    }
}
