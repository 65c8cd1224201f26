//! The files browsers load, from `frontend/` and `style/` to the folder the server serves.
//!
//! Names carry a hash of the content, so that they can be cached for ever; `assets.json` tells the
//! server the names of this build. What has not changed is not made again.

mod compress;
mod sdk;
mod style;
mod wasm;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Result, bail};
use sha2::{Digest, Sha256};

use crate::{process, repo, tools};

/// What one page load may cost before the islands answer, as brotli.
const WASM_BUDGET: u64 = 120 * 1024;

/// Builds the browser's files, the server and the sandbox; the result is the folder of the files.
pub(crate) fn build_all() -> Result<PathBuf> {
    let site = build()?;
    headline("Server and sandbox", || {
        let mut cargo = repo::cargo();
        cargo.args(["build", "-p", "server", "-p", "sandbox"]);
        process::run(
            cargo,
            "The server did not build; the compiler's message above says why.",
        )
    })?;
    Ok(site)
}

/// Builds the browser's files; the result is their folder.
pub(crate) fn build() -> Result<PathBuf> {
    tools::ensure_wasm_target()?;
    let site = repo::site()?;
    let pkg = site.join("pkg");
    repo::create_folder(&pkg)?;
    let frontend = headline("Frontend (wasm)", || wasm::build(&pkg))?;
    let css = headline("Style", || style::build(&pkg))?;
    copy_static(&repo::root().join("style/static"), &site)?;
    headline("Vendors' SDKs", || {
        // Everything else works without them.
        sdk::build(&site).unwrap_or_else(|error| println!("  Left out: {error:#}"));
        Ok(())
    })?;
    remove_old(&pkg, &[&frontend, &css])?;
    repo::write(
        &site.join("assets.json"),
        format!(
            "{{\"script\":\"{frontend}.js\",\"wasm\":\"{frontend}_bg.wasm\",\"css\":\"{css}\"}}\n"
        ),
    )?;
    println!("  wasm after brotli: {}", kib(wasm_size(&pkg)?));
    Ok(site)
}

/// Prints one step's name, does it, and prints how long it took.
pub(crate) fn headline<T>(name: &str, step: impl FnOnce() -> Result<T>) -> Result<T> {
    println!("• {name}");
    let start = Instant::now();
    let result = step()?;
    println!("  {:.1} s", start.elapsed().as_secs_f32());
    Ok(result)
}

/// Prints the size of every file as it is and compressed; fails if the wasm is over its budget.
pub(crate) fn print_sizes() -> Result<()> {
    process::listen_for_stop()?;
    let pkg = build()?.join("pkg");
    println!(
        "\n{:<44} {:>10} {:>10} {:>10}",
        "file", "plain", "gzip", "brotli"
    );
    for file in repo::entries(&pkg)? {
        let Some(name) = file.file_name().and_then(|name| name.to_str()) else {
            continue;
        };
        if compress::is_compressed(&file) {
            continue;
        }
        let size = |path: &Path| {
            path.metadata()
                .map_or_else(|_| "-".to_owned(), |data| kib(data.len()))
        };
        let [brotli, gzip] = compress::siblings(&file);
        println!(
            "{name:<44} {:>10} {:>10} {:>10}",
            size(&file),
            size(&gzip),
            size(&brotli)
        );
    }
    check_budget(wasm_size(&pkg)?)
}

/// Fails if the wasm of the last build is over its budget.
pub(crate) fn ensure_within_budget() -> Result<()> {
    check_budget(wasm_size(&repo::site()?.join("pkg"))?)
}

fn check_budget(size: u64) -> Result<()> {
    if size > WASM_BUDGET {
        bail!(
            "The wasm is {} after brotli and may be {}; look for a new dependency with `cargo tree -p frontend --target {}`.",
            kib(size),
            kib(WASM_BUDGET),
            repo::WASM_TARGET
        );
    }
    Ok(())
}

fn wasm_size(pkg: &Path) -> Result<u64> {
    let files = repo::entries(pkg)?;
    let wasm = files
        .iter()
        .find(|file| file.to_string_lossy().ends_with("_bg.wasm.br"));
    match wasm.and_then(|file| file.metadata().ok()) {
        Some(data) => Ok(data.len()),
        None => bail!(
            "There is no wasm in {}; run `cargo xtask build` first.",
            pkg.display()
        ),
    }
}

fn kib(bytes: u64) -> String {
    format!("{:.1} KiB", bytes as f64 / 1024.0)
}

/// A short name for some content.
fn short_hash<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    let mut text = hex::encode(hash.finalize());
    text.truncate(12);
    text
}

/// Files served under their own names: the server's root folder is a plain copy.
fn copy_static(from: &Path, to: &Path) -> Result<()> {
    for path in repo::entries(from)? {
        let Some(name) = path.file_name() else {
            continue;
        };
        let target = to.join(name);
        if path.is_dir() {
            repo::create_folder(&target)?;
            copy_static(&path, &target)?;
        } else {
            repo::write(&target, repo::read(&path)?)?;
        }
    }
    Ok(())
}

/// Deletes what earlier builds left behind.
fn remove_old(pkg: &Path, stems: &[&str]) -> Result<()> {
    for file in repo::entries(pkg)? {
        let name = file
            .file_name()
            .map(|name| name.to_string_lossy().into_owned())
            .unwrap_or_default();
        let current = stems.iter().any(|stem| name.starts_with(stem));
        if !current && file.is_file() {
            // A file that stays costs some space and nothing else.
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

    #[test]
    fn the_budget_can_be_exceeded() {
        assert!(check_budget(WASM_BUDGET).is_ok());
        assert!(check_budget(WASM_BUDGET + 1).is_err());
    }
}
