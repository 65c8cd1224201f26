//! A vendor lives in its folders: whoever deletes them and the registry lines has deleted the vendor.

use super::Violation;
use super::files::Source;

/// Every vendor there is or will be, in lower case.
pub(super) const VENDORS: [&str; 5] = ["knoon", "ferndesk", "cloudbase", "zendesk", "xsolla"];

/// Files that may name every vendor, and why.
const ALLOWED: [&str; 7] = [
    // The two registries.
    "server/src/vendors/mod.rs",
    "sandbox/src/services.rs",
    // Declares the modules that the sandbox's registry lists.
    "sandbox/src/lib.rs",
    // The demo's variables, and what the benchmark asks.
    "xtask/src/settings.rs",
    "server/benches/storm.rs",
    // This list, and the examples that break the rule.
    "xtask/src/tidy/vendors.rs",
    "xtask/src/tidy/tests.rs",
];

/// A vendor's name stands in its own folders and in the registries.
pub(super) fn names(sources: &[Source]) -> Vec<Violation> {
    let rust = sources
        .iter()
        .filter(|source| source.is("rs") && !ALLOWED.contains(&source.path.as_str()));
    rust.flat_map(strangers).collect()
}

fn strangers(source: &Source) -> Vec<Violation> {
    let elsewhere: Vec<&str> = VENDORS
        .into_iter()
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
        format!("server/src/vendors/{vendor}/"),
        format!("sandbox/src/{vendor}/"),
    ];
    shared.iter().any(|folder| path.starts_with(folder))
        || own.iter().any(|folder| path.starts_with(folder.as_str()))
}
