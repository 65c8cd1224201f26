//! What browsers download, and the budget of the wasm.

use std::path::Path;

use anyhow::{Result, bail};

use super::{build, bundler};
use crate::{process, repo};

/// Maximum size of the wasm, in bytes after brotli.
const WASM_BUDGET: u64 = 120 * 1024;

/// Prints the size of every file, plain and compressed; fails if the wasm exceeds its budget.
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
        if bundler::is_compressed(&file) {
            continue;
        }
        let size = |path: &Path| {
            path.metadata()
                .map_or_else(|_| "-".to_owned(), |data| kib(data.len()))
        };
        let [brotli, gzip] = bundler::siblings(&file);
        println!(
            "{name:<44} {:>10} {:>10} {:>10}",
            size(&file),
            size(&gzip),
            size(&brotli)
        );
    }
    check_budget(wasm_bytes(&pkg)?)
}

/// Fails if the wasm of the last build exceeds its budget.
pub(crate) fn ensure_within_budget() -> Result<()> {
    check_budget(wasm_bytes(&repo::site()?.join("pkg"))?)
}

/// The size of the wasm after brotli, formatted.
pub(super) fn wasm(pkg: &Path) -> Result<String> {
    wasm_bytes(pkg).map(kib)
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

fn wasm_bytes(pkg: &Path) -> Result<u64> {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_budget_can_be_exceeded() {
        assert!(check_budget(WASM_BUDGET).is_ok());
        assert!(check_budget(WASM_BUDGET + 1).is_err());
    }
}
