//! `cargo xtask remove-vendor NAME`: deletes a vendor that a fork does not use.
//!
//! This module names no vendor. What belongs to a vendor is found by the vendor's name: folders, files,
//! modules, lines in the registries, and variables in `.env.example`.

mod mentions;
mod text;
mod trial;

#[cfg(test)]
mod tests;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::{process, repo};

pub(crate) use trial::try_out;

/// The folder that contains a folder for each vendor.
pub(crate) const VENDORS: &str = "server/src/vendors";

/// In these folders, every folder and file that is named after a vendor belongs to it.
pub(crate) const HOMES: [&str; 9] = [
    VENDORS,
    "server/src/command",
    "server/src/oauth/providers",
    "server/benches",
    "server/tests/it",
    "sandbox/src",
    "sandbox/sdk",
    "sandbox/tests/it",
    "end2end/tests",
];

/// In these files, every line that contains a vendor's name can be deleted.
pub(crate) const REGISTRIES: [&str; 11] = [
    "server/src/command/mod.rs",
    "server/src/vendors/mod.rs",
    "server/src/oauth/providers/mod.rs",
    "server/benches/counts/main.rs",
    "server/benches/tokens/main.rs",
    "server/tests/it/oauth/mod.rs",
    "server/tests/it/vendors/mod.rs",
    "sandbox/src/lib.rs",
    "sandbox/src/services.rs",
    "sandbox/tests/it/main.rs",
    "end2end/tests/pages/accessibility.spec.ts",
];

/// The tests of the hand-off, which need a vendor with a popup.
const HANDOFF_TESTS: [&str; 2] = ["server/tests/it/handoff", "end2end/tests/handoff"];

/// What the `mod.rs` of a vendor with a popup contains.
const HAS_POPUP: &str = "handoff: Some(HandoffVendor {";

/// The deleted and changed files, as paths from the workspace's folder.
struct Removal {
    deleted: Vec<String>,
    changed: Vec<String>,
}

/// Removes a vendor from this workspace and prints what is left to do.
pub(crate) fn run(name: &str) -> Result<()> {
    process::listen_for_stop()?;
    let root = repo::root();
    let removal = remove(&root, name)?;
    let print = |title: &str, lines: &[String]| {
        println!("{title}");
        lines.iter().for_each(|line| println!("  {line}"));
    };
    print("Deleted:", &removal.deleted);
    print("Changed:", &removal.changed);
    let mentions = mentions::of(name, &root)?;
    if !mentions.is_empty() {
        print(
            "Edit these yourself, since they still mention it:",
            &mentions,
        );
    }
    println!(
        "Tables in migrations/ were kept, as were crates in Cargo.toml that nothing else uses."
    );
    println!("Run `cargo xtask check` and `cargo xtask test` to verify the rest.");
    Ok(())
}

/// The vendors of a workspace, sorted by name.
fn vendors(root: &Path) -> Result<Vec<String>> {
    let folders = repo::entries(&root.join(VENDORS))?;
    let folders = folders.into_iter().filter(|path| path.is_dir());
    Ok(folders.map(|path| file_name(&path).to_owned()).collect())
}

fn ensure_known(name: &str, vendors: &[String]) -> Result<()> {
    if !vendors.iter().any(|vendor| vendor == name) {
        bail!(
            "There is no vendor {name:?}; there are {}.",
            vendors.join(", ")
        );
    }
    Ok(())
}

/// Deletes a vendor's files, its lines in the registries and its variables in `.env.example`, and formats the
/// rest.
fn remove(root: &Path, name: &str) -> Result<Removal> {
    let vendors = vendors(root)?;
    ensure_known(name, &vendors)?;
    let mut files = Vec::new();
    if is_last_with_popup(root, name, &vendors)? {
        files.extend(HANDOFF_TESTS.map(|folder| root.join(folder)));
    }
    for home in HOMES {
        collect(&root.join(home), name, &mut files)?;
    }
    files.retain(|file| file.exists());
    let mut changed = Vec::new();
    for file in &files {
        delete(file)?;
        changed.extend(forget_module(file)?);
    }
    for registry in REGISTRIES {
        let without = |text: &str| text::without_lines(text, name);
        changed.extend(change(&root.join(registry), without)?);
    }
    let example = root.join(".env.example");
    changed.extend(change(&example, |text| {
        text::without_variables(text, name)
    })?);
    format(root)?;
    changed.sort();
    changed.dedup();
    Ok(Removal {
        deleted: files.iter().map(|path| relative(root, path)).collect(),
        changed: changed.iter().map(|path| relative(root, path)).collect(),
    })
}

fn is_last_with_popup(root: &Path, name: &str, vendors: &[String]) -> Result<bool> {
    let mut with_popup = Vec::new();
    for vendor in vendors {
        let module = repo::read(&root.join(VENDORS).join(vendor).join("mod.rs"))?;
        if String::from_utf8_lossy(&module).contains(HAS_POPUP) {
            with_popup.push(vendor.as_str());
        }
    }
    Ok(with_popup == [name])
}

/// Collects every folder and file in a folder that belongs to a vendor.
fn collect(folder: &Path, name: &str, found: &mut Vec<PathBuf>) -> Result<()> {
    for path in repo::entries(folder)? {
        if is_called(file_name(&path), name) {
            found.push(path);
        } else if path.is_dir() && file_name(&path) != "node_modules" {
            collect(&path, name, found)?;
        }
    }
    Ok(())
}

/// Whether a file is named after a vendor: the vendor's name, alone or followed by an underscore and more.
pub(crate) fn is_called(file: &str, vendor: &str) -> bool {
    let stem = file.split('.').next().unwrap_or(file);
    let rest = stem.strip_prefix(vendor);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('_'))
}

fn delete(path: &Path) -> Result<()> {
    let deleted = if path.is_dir() {
        fs::remove_dir_all(path)
    } else {
        fs::remove_file(path)
    };
    deleted.with_context(|| format!("Cannot delete {}; check its permissions.", path.display()))
}

/// Deletes the `mod` line of a deleted file; returns the files that were changed.
fn forget_module(file: &Path) -> Result<Vec<PathBuf>> {
    let (Some(folder), Some(module)) = (file.parent(), file_name(file).split('.').next()) else {
        return Ok(Vec::new());
    };
    let mut changed = Vec::new();
    let inside = ["mod.rs", "lib.rs", "main.rs"].map(|name| folder.join(name));
    for parent in inside.into_iter().chain([folder.with_extension("rs")]) {
        changed.extend(change(&parent, |text| text::without_module(text, module))?);
    }
    Ok(changed)
}

/// Edits a file; returns its path, or `None` if it does not exist or nothing changed.
fn change(file: &Path, edit: impl Fn(&str) -> String) -> Result<Option<PathBuf>> {
    let Ok(before) = fs::read_to_string(file) else {
        return Ok(None);
    };
    let after = edit(&before);
    if after == before {
        return Ok(None);
    }
    repo::write(file, after)?;
    Ok(Some(file.to_owned()))
}

/// Formats the workspace, since shortened lists may now fit on one line.
fn format(root: &Path) -> Result<()> {
    let mut cargo = repo::cargo();
    cargo.current_dir(root).args(["fmt", "--all"]);
    process::run(
        cargo,
        "What is left cannot be formatted; the message above says where.",
    )
}

fn file_name(path: &Path) -> &str {
    path.file_name()
        .and_then(|name| name.to_str())
        .unwrap_or_default()
}

fn relative(root: &Path, path: &Path) -> String {
    path.strip_prefix(root)
        .unwrap_or(path)
        .display()
        .to_string()
}
