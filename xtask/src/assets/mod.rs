//! Builds the files that browsers load, from `frontend/` and `style/`, into the folder that the server
//! serves.
//!
//! File names contain a hash of the content, so that the files can be cached forever; `assets.json` tells the
//! server the names of this build. What has not changed is not built again.

mod bundler;
mod manifest;
mod sdk;
mod sizes;
mod style;
mod wasm;

use std::fs;
use std::hash::{DefaultHasher, Hasher};
use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::steps::Steps;
use crate::{process, repo, tools};

pub(crate) use crate::steps::headline;
pub(crate) use manifest::{Frontend, Site};
pub(crate) use sizes::{ensure_within_budget, print_sizes};

/// Whether to compile quickly, or to make what is deployed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Profile {
    Dev,
    Release,
}

/// Builds the server and the sandbox, and the browser's files as they are deployed; returns the folder of the files.
pub(crate) fn build_all() -> Result<PathBuf> {
    let mut steps = Steps::new(&[
        "Server and sandbox",
        "Style",
        "Islands (wasm)",
        "Vendors' SDKs",
    ]);
    steps.next(|| build_programs(Profile::Dev))?;
    build_with(&mut steps, Profile::Release)
}

/// Builds for deployment: the optimized server, and the browser's files.
pub(crate) fn build_release() -> Result<()> {
    let mut steps = Steps::new(&[
        "Server, optimized",
        "Style",
        "Islands (wasm)",
        "Vendors' SDKs",
    ]);
    steps.next(|| build_programs(Profile::Release))?;
    let site = build_with(&mut steps, Profile::Release)?;
    let server = repo::target()?.join("release/latchkey");
    println!("\n  Server             {}", server.display());
    println!("  LATCHKEY_ASSETS    {}", site.display());
    Ok(())
}

/// Builds the browser's files as they are deployed; returns their folder.
pub(crate) fn build() -> Result<PathBuf> {
    let mut steps = Steps::new(&["Style", "Islands (wasm)", "Vendors' SDKs"]);
    build_with(&mut steps, Profile::Release)
}

fn build_with(steps: &mut Steps, profile: Profile) -> Result<PathBuf> {
    let site = steps.next(build_page_files)?;
    build_islands(steps, &site, profile)?;
    Ok(site.folder().to_owned())
}

/// Builds the server, and with the dev profile also the sandbox.
pub(crate) fn build_programs(profile: Profile) -> Result<()> {
    let mut cargo = repo::cargo();
    cargo.args(["build", "-p", "server"]).args(match profile {
        Profile::Dev => ["-p", "sandbox"].as_slice(),
        Profile::Release => &["--release"],
    });
    process::run(
        cargo,
        "The server did not build; the compiler's message above says why.",
    )
}

/// Writes what every page needs and what takes no compiler: the stylesheets and the static files.
///
/// Removes the islands of an earlier build from the manifest, since their source may have changed.
pub(crate) fn build_page_files() -> Result<Site> {
    let site = Site::new(repo::site()?);
    repo::create_folder(&site.pkg())?;
    restyle(&site)?;
    Ok(site)
}

/// Writes the stylesheets and the static files, and leaves the islands as they are; returns the stylesheets'
/// names.
pub(crate) fn restyle(site: &Site) -> Result<[String; 2]> {
    copy_static(&repo::root().join("style/static"), site.folder())?;
    let pkg = site.pkg();
    let css = [
        style::build(&pkg, style::MAIN)?,
        style::build(&pkg, style::SITE)?,
    ];
    site.update(|manifest| manifest.css.clone_from(&css))?;
    Ok(css)
}

/// Builds the islands' script and wasm, and the vendors' SDKs; returns the islands' names.
pub(crate) fn build_islands(steps: &mut Steps, site: &Site, profile: Profile) -> Result<Frontend> {
    let pkg = site.pkg();
    let frontend = steps.next(|| {
        tools::ensure_wasm_target()?;
        let frontend = wasm::build(&pkg, profile)?;
        let manifest = site.update(|manifest| manifest.frontend = Some(frontend.clone()))?;
        remove_old(&pkg, &manifest)?;
        if profile == Profile::Release {
            bundler::compress(&[&pkg])?;
            println!("  wasm after brotli: {}", sizes::wasm_sizes(&pkg)?);
        }
        Ok(frontend)
    })?;
    steps.next(|| {
        // Everything else works without the SDKs.
        sdk::build(site.folder(), profile)
            .unwrap_or_else(|error| println!("  Left out: {error:#}"));
        Ok(())
    })?;
    Ok(frontend)
}

/// A short hash of content, for file names.
pub(crate) fn short_hash<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> String {
    let mut hash = DefaultHasher::new();
    for part in parts {
        hash.write_usize(part.len());
        hash.write(part);
    }
    format!("{:016x}", hash.finish())
}

/// Copies the files that are served under their own names.
fn copy_static(from: &Path, to: &Path) -> Result<()> {
    for path in repo::entries(from)? {
        let Some(name) = path.file_name() else {
            continue;
        };
        let target = to.join(name);
        if path.is_dir() {
            repo::create_folder(&target)?;
            copy_static(&path, &target)?;
        } else if name != manifest::FILE {
            repo::write(&target, repo::read(&path)?)?;
        }
    }
    Ok(())
}

/// Deletes what earlier builds left behind.
fn remove_old(pkg: &Path, manifest: &manifest::Manifest) -> Result<()> {
    for file in repo::entries(pkg)? {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        if file.is_file() && !manifest.knows(&name) {
            // A file that cannot be deleted only takes up space.
            let _ = fs::remove_file(&file);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_depends_on_every_part_and_its_borders() {
        let hash = |parts: [&'static [u8]; 2]| short_hash(parts);
        assert_eq!(hash([b"a", b"b"]), hash([b"a", b"b"]));
        assert_ne!(hash([b"ab", b""]), hash([b"a", b"b"]));
    }
}
