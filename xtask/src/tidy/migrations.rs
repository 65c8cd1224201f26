//! Migrations must be portable, so that a fork can use a database other than SQLite.

use super::Violation;
use super::files::Source;

const LOCAL_WORDS: [&str; 6] = [
    "AUTOINCREMENT",
    "WITHOUT ROWID",
    "BLOB",
    "NOCASE",
    "DATETIME(",
    "STRFTIME",
];

/// Finds SQL in migrations that only SQLite supports.
pub(super) fn portable(sources: &[Source]) -> Vec<Violation> {
    let migrations = sources
        .iter()
        .filter(|source| source.path.starts_with("migrations/") && source.is("sql"));
    migrations.flat_map(local).collect()
}

fn local(source: &Source) -> Vec<Violation> {
    let mut found = Vec::new();
    for (number, line) in source.lines() {
        let code = line.split("--").next().unwrap_or(line).to_ascii_uppercase();
        for word in LOCAL_WORDS.iter().filter(|word| code.contains(**word)) {
            let advice = format!(
                "uses {word}, which other databases do not support; write it in standard SQL."
            );
            found.push(Violation::new("migrations", source, number, advice));
        }
    }
    found
}
