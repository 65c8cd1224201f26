//! A vendor may be named only in its own folders and in the registries, so that deleting those removes the
//! vendor.

use std::collections::BTreeSet;

use super::Violation;
use super::files::Source;
use crate::removal::{HOMES, REGISTRIES, is_called};

/// The folder that contains a folder for each vendor.
const FOLDER: &str = "server/src/vendors/";

/// The names of all vendors, in lower case.
pub(super) fn all(sources: &[Source]) -> BTreeSet<&str> {
    sources.iter().filter_map(folder).collect()
}

fn folder(source: &Source) -> Option<&str> {
    Some(source.path.strip_prefix(FOLDER)?.split_once('/')?.0)
}

/// Files that may name every vendor, besides the registries: the tests with examples of violations.
const ALLOWED: [&str; 1] = ["xtask/src/tidy/tests.rs"];

/// Finds vendors' names outside their folders and the registries.
pub(super) fn names(sources: &[Source]) -> Vec<Violation> {
    let vendors = all(sources);
    let is_allowed = |path: &str| REGISTRIES.contains(&path) || ALLOWED.contains(&path);
    let rust = sources
        .iter()
        .filter(|source| source.is("rs") && !is_allowed(&source.path));
    rust.flat_map(|source| foreign_names(source, &vendors))
        .collect()
}

fn foreign_names(source: &Source, vendors: &BTreeSet<&str>) -> Vec<Violation> {
    let elsewhere: Vec<&str> = vendors
        .iter()
        .copied()
        .filter(|vendor| !is_home(&source.path, vendor))
        .collect();
    let mut found = Vec::new();
    for (number, line) in source.lines() {
        let line = line.to_ascii_lowercase();
        for vendor in elsewhere.iter().filter(|vendor| line.contains(**vendor)) {
            let advice =
                format!("names the vendor {vendor}; move this to the vendor's own folder.");
            found.push(Violation::new("vendors", source, number, advice));
        }
    }
    found
}

fn is_home(path: &str, vendor: &str) -> bool {
    // Tests of one vendor may name another; `cargo xtask test removal` finds those that depend on it.
    let shared = [
        "server/tests/it/vendors/",
        "server/tests/it/handoff/",
        "sandbox/tests/it/",
    ];
    let home = HOMES.iter().find_map(|home| path.strip_prefix(home));
    shared.iter().any(|folder| path.starts_with(folder))
        || home.is_some_and(|rest| rest.split('/').any(|part| is_called(part, vendor)))
}
