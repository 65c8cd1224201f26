//! Migrations must be portable, since all engines run them, and only add, since servers of the version before run on
//! while the first new one migrates.

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

/// Migrations that do more than add, and why no server of the version before ran on.
pub(super) const EXCEPTIONS: [(&str, &str); 1] = [(
    "migrations/0009_handoff_codes_of_sessions.sql",
    "there was one server on one file, which ended before the next one started",
)];

/// Finds SQL in migrations that only SQLite supports.
pub(super) fn portable(sources: &[Source]) -> Vec<Violation> {
    migrations(sources).flat_map(local).collect()
}

/// Finds statements in migrations that servers of the version before could not live with.
pub(super) fn additive(sources: &[Source]) -> Vec<Violation> {
    let is_exception = |source: &&Source| EXCEPTIONS.iter().any(|(path, _)| *path == source.path);
    let migrations = migrations(sources).filter(|source| !is_exception(source));
    migrations.flat_map(subtractions).collect()
}

fn migrations(sources: &[Source]) -> impl Iterator<Item = &Source> {
    sources
        .iter()
        .filter(|source| source.path.starts_with("migrations/") && source.is("sql"))
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

pub(super) fn subtractions(source: &Source) -> Vec<Violation> {
    let found = statements(source).into_iter().filter_map(|(number, sql)| {
        let advice = format!(
            "{}; servers of the version before still run. Add only, or list the file in \
             xtask/src/tidy/migrations.rs with the reason.",
            objection(&sql)?
        );
        Some(Violation::new("migrations", source, number, advice))
    });
    found.collect()
}

/// The statements without comments, in upper case and with single spaces, and the line on which each begins.
fn statements(source: &Source) -> Vec<(usize, String)> {
    let mut statements = Vec::new();
    let mut current = (1, String::new());
    for (number, line) in source.lines() {
        let code = line.split("--").next().unwrap_or(line).to_ascii_uppercase();
        for (index, part) in code.split(';').enumerate() {
            if index > 0 {
                statements.push(std::mem::take(&mut current));
            }
            for word in part.split_whitespace() {
                if current.1.is_empty() {
                    current.0 = number;
                } else {
                    current.1.push(' ');
                }
                current.1.push_str(word);
            }
        }
    }
    statements.push(current);
    statements.retain(|(_, sql)| !sql.is_empty());
    statements
}

/// What is wrong with a statement for a server that does not know of it.
fn objection(sql: &str) -> Option<&'static str> {
    let has = |words: &str| sql.contains(words);
    let count = |words: &str| sql.matches(words).count();
    let words: Vec<&str> = sql.split(' ').collect();
    match words.as_slice() {
        ["CREATE", "TABLE", ..] | ["ALTER", "TABLE", _, "ADD", "COLUMN", ..]
            if count("REFERENCES") > count("ON DELETE CASCADE") + count("ON DELETE SET NULL") =>
        {
            Some("refers to rows that could then not be deleted")
        }
        ["CREATE", "TABLE" | "INDEX", ..] | ["DROP", "INDEX", ..] => None,
        ["CREATE", "UNIQUE", "INDEX", ..] => Some("refuses rows that were accepted before"),
        ["ALTER", "TABLE", _, "ADD", "COLUMN", ..] if has("NOT NULL") && !has("DEFAULT") => {
            Some("adds a column that every new row must have")
        }
        ["ALTER", "TABLE", _, "ADD", "COLUMN", ..] if has("UNIQUE") || has("CHECK") => {
            Some("adds a column with a rule for its values")
        }
        ["ALTER", "TABLE", _, "ADD", "COLUMN", ..] => None,
        _ => Some("does more than add a table, a column or an index"),
    }
}
