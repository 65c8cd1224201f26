//! What browsers download, and the budget of the wasm.

use std::path::Path;

use anyhow::{Result, bail};

use super::{build, bundler, wasm};
use crate::{process, repo};

/// Maximum size of each bundle's wasm, in bytes after brotli.
const BUDGETS: [(&str, u64); 2] = [(wasm::LOGIN, 64 * 1024), (wasm::ALL, 110 * 1024)];

/// Prints the size of every file, plain and compressed; fails if the wasm of a bundle exceeds its budget.
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
    check_budgets(&pkg)
}

/// Fails if the wasm of a bundle of the last build exceeds its budget.
pub(crate) fn ensure_within_budget() -> Result<()> {
    check_budgets(&repo::site()?.join("pkg"))
}

/// The size of each bundle's wasm after brotli, formatted.
pub(super) fn wasm_sizes(pkg: &Path) -> Result<String> {
    let sizes: Result<Vec<String>> = BUDGETS
        .iter()
        .map(|(bundle, _)| Ok(format!("{bundle} {}", kib(wasm_bytes(pkg, bundle)?))))
        .collect();
    Ok(sizes?.join(", "))
}

fn check_budgets(pkg: &Path) -> Result<()> {
    for (bundle, budget) in BUDGETS {
        let size = wasm_bytes(pkg, bundle)?;
        if size > budget {
            bail!(
                "The wasm of {bundle} is {} after brotli and may be {}; look for a new dependency with `cargo tree -p frontend --target {}`.",
                kib(size),
                kib(budget),
                repo::WASM_TARGET
            );
        }
    }
    Ok(())
}

fn wasm_bytes(pkg: &Path, bundle: &str) -> Result<u64> {
    let files = repo::entries(pkg)?;
    let wasm = files.iter().find(|file| {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        name.starts_with(&format!("{bundle}.")) && name.ends_with("_bg.wasm.br")
    });
    match wasm.and_then(|file| file.metadata().ok()) {
        Some(data) => Ok(data.len()),
        None => bail!(
            "There is no wasm of {bundle} in {}; run `cargo xtask build` first.",
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
    fn each_bundle_has_a_budget() {
        let folder = std::env::temp_dir().join(format!("latchkey-sizes-{}", std::process::id()));
        repo::create_folder(&folder).unwrap();
        for (bundle, budget) in BUDGETS {
            let write = |name: &str, size: u64| {
                let file = folder.join(format!("{name}.1a2b_bg.wasm.br"));
                repo::write(&file, vec![0; size as usize]).unwrap();
            };
            BUDGETS.iter().for_each(|(name, _)| write(name, 1));
            write(bundle, budget);
            assert!(check_budgets(&folder).is_ok());
            write(bundle, budget + 1);
            let problem = check_budgets(&folder).unwrap_err().to_string();
            assert!(problem.contains(bundle), "{problem}");
        }
        std::fs::remove_dir_all(folder).unwrap();
    }
}
