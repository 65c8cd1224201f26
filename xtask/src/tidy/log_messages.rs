//! Every message that the server logs must be explained to operators in `docs/log-messages.md`.

use super::Violation;
use super::files::Source;

const RULE: &str = "messages";
const PAGE: &str = "docs/log-messages.md";

/// The levels that operators see.
const CALLS: [&str; 3] = ["tracing::info!(", "tracing::warn!(", "tracing::error!("];

/// What needs no explanation: that the server starts and stops, and a panic, which names its place in the code.
const PLAIN: [&str; 3] = ["serving", "stopping", "{panic}"];

/// Finds messages of the server that the page does not have.
pub(super) fn explained(sources: &[Source]) -> Vec<Violation> {
    let Some(page) = sources.iter().find(|source| source.path == PAGE) else {
        return Vec::new();
    };
    let server = sources
        .iter()
        .filter(|source| source.path.starts_with("server/src/") && source.is("rs"));
    server
        .filter(|source| !source.is_test())
        .flat_map(|source| unexplained(source, &page.text))
        .collect()
}

fn unexplained(source: &Source, page: &str) -> Vec<Violation> {
    let mut found = Vec::new();
    for call in CALLS {
        for (at, _) in source.text.match_indices(call) {
            let (before, rest) = source.text.split_at(at);
            let message = message(rest.get(call.len()..).unwrap_or_default());
            if PLAIN.contains(&message.as_str()) || is_on(page, &message) {
                continue;
            }
            let line = before.matches('\n').count() + 1;
            let advice = format!("logs {message:?}, which {PAGE} does not explain; add a row.");
            found.push(Violation::new(RULE, source, line, advice));
        }
    }
    found
}

/// Whether the page has the message, or its beginning if its end differs from line to line.
fn is_on(page: &str, message: &str) -> bool {
    let fixed = message.split('{').next().unwrap_or_default();
    let fixed = fixed.trim_end_matches([':', ' ']);
    !fixed.is_empty() && page.contains(&format!("`{fixed}"))
}

/// The last string among the arguments that follow, apart from those of nested calls; empty if there is none.
fn message(arguments: &str) -> String {
    let (mut depth, mut message) = (0_usize, String::new());
    let mut characters = arguments.chars();
    while let Some(character) = characters.next() {
        match character {
            '"' => {
                let string = rest_of_string(&mut characters);
                if depth == 0 {
                    message = string;
                }
            }
            '(' | '[' | '{' => depth += 1,
            ')' if depth == 0 => break,
            ')' | ']' | '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    message
}

fn rest_of_string(characters: &mut impl Iterator<Item = char>) -> String {
    let mut string = String::new();
    while let Some(character) = characters.next() {
        match character {
            '"' => break,
            '\\' => string.extend(characters.next()),
            _ => string.push(character),
        }
    }
    string
}
