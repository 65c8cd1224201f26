//! Every variable that the server reads must be in `.env.example`, which documents them all.

use std::collections::BTreeSet;

use super::files::Source;
use super::{Violation, vendors};

/// Prefixes of variables, in addition to the names of the vendors.
const FAMILIES: [&str; 6] = ["LATCHKEY", "SMTP", "MAIL", "DATABASE", "OAUTH", "SSL"];

/// Finds variables that are read but not in `.env.example`.
pub(super) fn documented(sources: &[Source]) -> Vec<Violation> {
    let Some(example) = sources.iter().find(|source| source.path == ".env.example") else {
        return Vec::new();
    };
    let shown: Vec<&str> = example.text.lines().filter_map(shown).collect();
    let vendors = vendors::all(sources);
    let is_variable = |text: &str| is_variable(text, &vendors);
    let server = sources
        .iter()
        .filter(|source| source.path.starts_with("server/src/") && source.is("rs"));
    server
        .filter(|source| !source.is_test())
        .flat_map(|source| missing(source, &shown, is_variable))
        .collect()
}

/// The name in `NAME=value` and in `# NAME=value`.
fn shown(line: &str) -> Option<&str> {
    let (name, _) = line.trim_start_matches(['#', ' ']).split_once('=')?;
    Some(name.trim())
}

fn missing(source: &Source, shown: &[&str], is_variable: impl Fn(&str) -> bool) -> Vec<Violation> {
    let mut found = Vec::new();
    for (number, line) in source.lines() {
        for name in line
            .split('"')
            .skip(1)
            .step_by(2)
            .filter(|text| is_variable(text) && !shown.contains(text))
        {
            let advice =
                format!("reads {name}, which is not in .env.example; add it there with a comment.");
            found.push(Violation::new("environment", source, number, advice));
        }
    }
    found
}

fn is_variable(text: &str, vendors: &BTreeSet<&str>) -> bool {
    let Some((family, rest)) = text.split_once('_') else {
        return false;
    };
    let vendor = vendors
        .iter()
        .any(|vendor| vendor.eq_ignore_ascii_case(family));
    let upper =
        |character: char| character.is_ascii_uppercase() || matches!(character, '_' | '0'..='9');
    (vendor || FAMILIES.contains(&family)) && !rest.is_empty() && text.chars().all(upper)
}
