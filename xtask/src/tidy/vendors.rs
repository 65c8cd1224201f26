//! A vendor lives in its folders: whoever deletes them and the registry lines has deleted the vendor.

use std::collections::BTreeSet;

use super::Violation;
use super::files::Source;

/// The folder whose folders are the vendors.
const FOLDER: &str = "server/src/vendors/";

/// Every vendor there is, in lower case.
pub(super) fn all(sources: &[Source]) -> BTreeSet<&str> {
    sources.iter().filter_map(folder).collect()
}

fn folder(source: &Source) -> Option<&str> {
    Some(source.path.strip_prefix(FOLDER)?.split_once('/')?.0)
}

/// Files that may name every vendor, and why.
const ALLOWED: [&str; 5] = [
    // The two registries.
    "server/src/vendors/mod.rs",
    "sandbox/src/services.rs",
    // Declares the modules that the sandbox's registry lists.
    "sandbox/src/lib.rs",
    // What the benchmark asks.
    "server/benches/storm.rs",
    // The examples that break the rule.
    "xtask/src/tidy/tests.rs",
];

/// A vendor's name stands in its own folders and in the registries.
pub(super) fn names(sources: &[Source]) -> Vec<Violation> {
    let vendors = all(sources);
    let rust = sources
        .iter()
        .filter(|source| source.is("rs") && !ALLOWED.contains(&source.path.as_str()));
    rust.flat_map(|source| strangers(source, &vendors))
        .collect()
}

fn strangers(source: &Source, vendors: &BTreeSet<&str>) -> Vec<Violation> {
    let elsewhere: Vec<&str> = vendors
        .iter()
        .copied()
        .filter(|vendor| !is_home(&source.path, vendor))
        .collect();
    let mut found = Vec::new();
    for (number, line) in source.lines() {
        let line = line.to_ascii_lowercase();
        for vendor in elsewhere.iter().filter(|vendor| line.contains(**vendor)) {
            let advice = format!(
                "names the vendor {vendor}; move what is about it to the vendor's own folder."
            );
            found.push(Violation::new("vendors", source, number, advice));
        }
    }
    found
}

fn is_home(path: &str, vendor: &str) -> bool {
    let shared = [
        "server/tests/it/vendors/",
        "sandbox/tests/",
        // One of the vendors is an identity provider as well.
        "server/src/oauth/providers/",
        "server/tests/it/oauth/",
    ];
    let own = [
        format!("{FOLDER}{vendor}/"),
        format!("sandbox/src/{vendor}/"),
    ];
    shared.iter().any(|folder| path.starts_with(folder))
        || own.iter().any(|folder| path.starts_with(folder.as_str()))
}
