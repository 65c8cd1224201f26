//! Rules about the text of files: their length, how they begin, what they must not contain, and their names.

use super::Violation;
use super::files::Source;

const LONGEST: usize = 400;
const LONGEST_TEST: usize = 600;
/// Markers of unfinished work, in pieces so that this list is not a violation.
const UNFINISHED: [&str; 3] = [
    concat!("TO", "DO"),
    concat!("FIX", "ME"),
    concat!("XX", "X"),
];

/// Finds files that are too long.
pub(super) fn length(sources: &[Source]) -> Vec<Violation> {
    let too_long = |source: &&Source| source.text.lines().count() > longest(source);
    let advice = |source| {
        format!(
            "is longer than {} lines; move a part of it to a file with a name of its own.",
            longest(source)
        )
    };
    let rust = rust(sources).filter(too_long);
    rust.map(|source| Violation::new("length", source, longest(source) + 1, advice(source)))
        .collect()
}

fn longest(source: &Source) -> usize {
    if source.is_test() {
        LONGEST_TEST
    } else {
        LONGEST
    }
}

/// Finds Rust files that do not begin with a comment about what they own.
pub(super) fn opening(sources: &[Source]) -> Vec<Violation> {
    let silent = rust(sources).filter(|source| !source.text.starts_with("//! "));
    let advice = "must begin with a `//!` line that says what the file owns.";
    silent
        .map(|source| Violation::new("opening", source, 1, advice))
        .collect()
}

/// Finds lines that end in white space.
pub(super) fn trailing_whitespace(sources: &[Source]) -> Vec<Violation> {
    each_line(
        sources.iter(),
        |line| line.ends_with([' ', '\t', '\r']),
        "whitespace",
        "ends in white space; remove it.",
    )
}

/// Finds the markers that Git leaves around what it could not merge.
pub(super) fn merged(sources: &[Source]) -> Vec<Violation> {
    let is_marker = |line: &str| {
        ["<<<<<<< ", "||||||| ", ">>>>>>> "]
            .iter()
            .any(|marker| line.starts_with(marker))
    };
    each_line(
        sources.iter(),
        is_marker,
        "merged",
        "is left from a merge; keep one of the two sides.",
    )
}

/// Finds markers of unfinished work.
pub(super) fn unfinished(sources: &[Source]) -> Vec<Violation> {
    let marked = |line: &str| {
        let mut words =
            line.split(|character: char| !character.is_alphanumeric() && character != '_');
        words.any(|word| UNFINISHED.contains(&word))
    };
    each_line(
        sources.iter(),
        marked,
        "unfinished",
        "marks unfinished work; finish it or open an issue.",
    )
}

/// Finds code of the server that prints instead of logging. Only its one-off commands may print.
pub(super) fn printing(sources: &[Source]) -> Vec<Violation> {
    let speaks =
        |path: &str| path.starts_with("server/src/") && !path.starts_with("server/src/command/");
    let server = rust(sources).filter(|source| speaks(&source.path));
    let prints = |line: &str| {
        line.match_indices("println!")
            .any(|(at, _)| !line[..at].ends_with('e'))
    };
    each_line(
        server,
        prints,
        "printing",
        "prints instead of logging; use `tracing`.",
    )
}

/// Finds SQL outside the stores.
pub(super) fn queries(sources: &[Source]) -> Vec<Violation> {
    let stores =
        |path: &str| path.ends_with("store.rs") || path.starts_with("server/src/database/");
    let others = rust(sources)
        .filter(|source| source.path.starts_with("server/src/") && !stores(&source.path));
    each_line(
        others,
        |line| {
            ["SELECT", "INSERT", "UPDATE", "DELETE"]
                .iter()
                .any(|verb| line.contains(&format!("\"{verb} ")))
        },
        "queries",
        "queries the database outside a store; move the query to a `…store.rs`.",
    )
}

/// Finds statements that read all columns, of which a newer version may add some.
pub(super) fn columns(sources: &[Source]) -> Vec<Violation> {
    let server = rust(sources).filter(|source| source.path.starts_with("server/src/"));
    each_line(
        server,
        |line| {
            ["SELECT *", "RETURNING *"]
                .iter()
                .any(|all| line.contains(all))
        },
        "queries",
        "reads all columns; name those that are used, since servers of a newer version may add some.",
    )
}

/// Finds files whose names are not in snake_case.
pub(super) fn names(sources: &[Source]) -> Vec<Violation> {
    let named = sources.iter().filter(|source| {
        ["rs", "ts", "sql", "css"]
            .iter()
            .any(|extension| source.is(extension))
    });
    let wrong = named.filter(|source| !is_snake_case(stem(&source.path)));
    wrong
        .map(|source| Violation::new("names", source, 1, "must have a name in snake_case."))
        .collect()
}

fn stem(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.split('.').next().unwrap_or(name)
}

fn is_snake_case(name: &str) -> bool {
    name.chars().all(|character| {
        character.is_ascii_lowercase() || character.is_ascii_digit() || character == '_'
    })
}

fn rust(sources: &[Source]) -> impl Iterator<Item = &Source> {
    sources.iter().filter(|source| source.is("rs"))
}

fn each_line<'a>(
    sources: impl Iterator<Item = &'a Source>,
    wrong: impl Fn(&str) -> bool,
    rule: &'static str,
    advice: &str,
) -> Vec<Violation> {
    let of_one = |source: &'a Source| {
        let lines = source.lines().filter(|(_, line)| wrong(line));
        lines
            .map(|(number, _)| Violation::new(rule, source, number, advice))
            .collect::<Vec<_>>()
    };
    sources.flat_map(of_one).collect()
}
