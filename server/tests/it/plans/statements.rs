//! All statements of the stores, as their source has them: also those that no test runs.

use std::{fs, path::Path};

/// What begins a statement; its text follows as a literal.
const BEGINNINGS: [&str; 3] = ["query(", "Sweep::new(", "Sweep::later("];

/// A statement of a store.
pub struct Statement {
    /// The store's path below `server/src`.
    pub store: String,
    pub sql: &'static str,
}

/// The statements of all stores.
pub fn all() -> Vec<Statement> {
    let mut found = Vec::new();
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    collect(&source, "", &mut found);
    found
}

fn collect(folder: &Path, prefix: &str, found: &mut Vec<Statement>) {
    let mut entries: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap())
        .collect();
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.file_type().unwrap().is_dir() {
            collect(&entry.path(), &format!("{name}/"), found);
        } else if name.ends_with("store.rs") {
            let source = fs::read_to_string(entry.path()).unwrap();
            found.extend(of_source(&name, &source));
        }
    }
}

fn of_source(store: &str, source: &str) -> Vec<Statement> {
    let begun = BEGINNINGS.iter().flat_map(|beginning| {
        source
            .match_indices(beginning)
            .map(|(at, _)| source[at + beginning.len()..].trim_start())
    });
    let statements = begun.map(|text| {
        let literal = text.strip_prefix('"').and_then(|text| text.split_once('"'));
        let Some((sql, _)) = literal else {
            let line = text.lines().next();
            panic!("{store}: not a literal, so its plan is not known: {line:?}");
        };
        Statement {
            store: store.to_owned(),
            sql: sql.to_owned().leak(),
        }
    });
    statements.collect()
}
