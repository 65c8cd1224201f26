//! Features may only select modules, not pieces of code, so that every variant is a complete file.

use super::Violation;
use super::files::Source;

const RULE: &str = "features";
/// The crates that are compiled more than once, each time with other features.
const CRATES: [&str; 4] = ["app/", "frontend/", "server/", "sandbox/"];

/// Finds `#[cfg(feature = …)]` anywhere but directly above a `mod`, or above the `use` of such a module.
pub(super) fn gates(sources: &[Source]) -> Vec<Violation> {
    let ours = sources.iter().filter(|source| source.is("rs"));
    let ours = ours.filter(|source| CRATES.iter().any(|name| source.path.starts_with(name)));
    ours.flat_map(misplaced).collect()
}

fn misplaced(source: &Source) -> Vec<Violation> {
    let lines: Vec<(usize, &str)> = source
        .lines()
        .map(|(number, line)| (number, line.trim()))
        .collect();
    let is_gate =
        |line: &str| line.starts_with("#[cfg(") && line.contains("feature") && line.ends_with(")]");
    let below = |index: usize| lines.get(index + 1).map_or("", |(_, line)| *line);
    let gates = || {
        lines
            .iter()
            .enumerate()
            .filter(|(_, (_, line))| is_gate(line))
    };
    let gated: Vec<&str> = gates()
        .filter_map(|(index, _)| module(below(index)))
        .collect();
    let mut found = Vec::new();
    for (index, (number, line)) in lines.iter().enumerate() {
        let wrong = if line.starts_with("//") {
            false
        } else if is_gate(line) {
            module(below(index)).is_none()
                && !used(below(index)).is_some_and(|name| gated.contains(&name))
        } else {
            line.contains("cfg_if!")
                || (line.contains("cfg") && line.contains("feature =") && line.contains('('))
        };
        if wrong {
            let advice =
                "puts a feature inside code; move that code to a module and gate its `mod` line.";
            found.push(Violation::new(RULE, source, *number, advice));
        }
    }
    found
}

/// The name in `mod name;`.
fn module(line: &str) -> Option<&str> {
    without_visibility(line)
        .strip_prefix("mod ")?
        .strip_suffix(';')
}

/// The module from which a `use` line imports.
fn used(line: &str) -> Option<&str> {
    let path = without_visibility(line).strip_prefix("use ")?;
    path.trim_start_matches("self::")
        .split([':', ';', ' '])
        .next()
}

fn without_visibility(line: &str) -> &str {
    let Some(rest) = line.strip_prefix("pub") else {
        return line;
    };
    let rest = rest
        .strip_prefix('(')
        .and_then(|rest| rest.split_once(')'))
        .map_or(rest, |(_, rest)| rest);
    rest.trim_start()
}
