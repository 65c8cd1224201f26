//! `packer list FOLDER TARGET VERSION` writes `LICENSES.txt` and `sbom.cdx.json` into a folder: what is inside the
//! programs that are built for a target.
//! `packer pack FOLDER ARCHIVE SECONDS` writes the folder's `SHA256SUMS`, then the archive, whose bytes depend on nothing
//! but the folder's content and the time that all its files get.
//!
//! A program of its own, so that `xtask` compiles in seconds. It runs in the workspace's folder.

mod archive;
mod crates;
mod inventory;
mod licenses;
mod npm;
mod sbom;

use std::path::Path;

use anyhow::{Context, Result, bail};

use inventory::Component;

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["list", folder, target, version] => list(Path::new(folder), target, version),
        ["pack", folder, archive, seconds] => {
            let seconds = seconds.parse().context("SECONDS must be a number.")?;
            archive::write_checksums(Path::new(folder))?;
            archive::write(Path::new(folder), Path::new(archive), seconds)
        }
        _ => bail!("Usage: packer list FOLDER TARGET VERSION | packer pack FOLDER ARCHIVE SECONDS"),
    }
}

fn list(folder: &Path, target: &str, version: &str) -> Result<()> {
    let mut components: Vec<Component> = crates::all(target)?;
    components.extend(npm::all(Path::new("sandbox/sdk"))?);
    components.sort_by(|a, b| a.url.cmp(&b.url));
    // npm installs a version in several folders.
    components.dedup_by(|a, b| a.url == b.url);
    inventory::write(&folder.join("LICENSES.txt"), &licenses::text(&components))?;
    inventory::write(
        &folder.join("sbom.cdx.json"),
        &sbom::json(&components, version)?,
    )
}
