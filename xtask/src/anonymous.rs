//! Keeps the folders of who builds out of what is built: panics name source files.

use std::ffi::OsString;

use crate::repo;

/// The folders of who builds, and what they are called instead. If several match, the last one counts.
pub(crate) fn folders() -> Vec<(OsString, &'static str)> {
    let cargo = repo::variable("CARGO_HOME").map(|folder| (folder, "cargo"));
    let home = repo::variable("HOME").filter(|home| home != "/");
    let home = home.map(|home| (home, "home"));
    let root = (repo::root().into(), "latchkey");
    home.into_iter().chain(cargo).chain([root]).collect()
}

/// Flags of a compiler that replace these folders, separated by `separator`.
pub(crate) fn flags(option: &str, separator: &str) -> OsString {
    let mut flags = OsString::new();
    for (index, (folder, name)) in folders().into_iter().enumerate() {
        flags.push(if index == 0 { "" } else { separator });
        flags.push(option);
        flags.push("=");
        flags.push(folder);
        flags.push("=");
        flags.push(name);
    }
    flags
}
