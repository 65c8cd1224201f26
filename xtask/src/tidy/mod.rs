//! Rules that the compiler does not check. Each is a function from the workspace's files to its violations.

mod crates;
mod environment;
mod features;
mod files;
mod layers;
mod log_messages;
mod migrations;
mod text;
mod vendors;
mod wasm;
mod words;

#[cfg(test)]
mod tests;

use std::fmt;
use std::path::Path;

use anyhow::{Result, bail};

pub(crate) use files::Source;

use crate::repo;

type Rule = fn(&[Source]) -> Vec<Violation>;

/// The rules that read only files.
const RULES: &[Rule] = &[
    text::length,
    text::opening,
    text::trailing_whitespace,
    text::merged,
    text::unfinished,
    text::printing,
    text::queries,
    text::columns,
    text::names,
    features::gates,
    vendors::names,
    migrations::portable,
    migrations::additive,
    environment::documented,
    log_messages::explained,
    words::outdated,
];

/// The names of all rules, as violations show them and the command line takes them.
const NAMES: &[&str] = &[
    "length",
    "opening",
    "whitespace",
    "merged",
    "unfinished",
    "printing",
    "queries",
    "names",
    "features",
    "vendors",
    "migrations",
    "environment",
    "messages",
    "words",
    "layers",
    "wasm",
    "crates",
];

/// A violation of a rule: where it is, and how to fix it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Violation {
    rule: &'static str,
    file: String,
    line: usize,
    advice: String,
}

impl Violation {
    fn new(rule: &'static str, source: &Source, line: usize, advice: impl Into<String>) -> Self {
        Self {
            rule,
            file: source.path.clone(),
            line,
            advice: advice.into(),
        }
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}:{}: [{}] {}",
            self.file, self.line, self.rule, self.advice
        )
    }
}

/// Every text file of the workspace at `root`.
pub(crate) fn sources(root: &Path) -> Result<Vec<Source>> {
    files::read(root)
}

/// `cargo xtask tidy`: checks every rule, or the one with this name.
pub(crate) fn run(name: Option<&str>) -> Result<()> {
    if let Some(name) = name.filter(|name| !NAMES.contains(name)) {
        bail!(
            "There is no rule {name}; the rules are: {}.",
            NAMES.join(", ")
        );
    }
    let root = repo::root();
    let mut found = violations(&root)?;
    if name == Some("layers") {
        let sources = files::read(&root)?;
        println!("{}", layers::report(&sources));
    }
    found.retain(|violation| name.is_none_or(|name| violation.rule == name));
    found.iter().for_each(|violation| eprintln!("{violation}"));
    if !found.is_empty() {
        bail!("The workspace is not tidy; each line above says how to fix it.");
    }
    println!("The workspace is tidy.");
    Ok(())
}

/// All violations in the workspace at `root`.
pub(crate) fn violations(root: &Path) -> Result<Vec<Violation>> {
    let sources = files::read(root)?;
    let mut found: Vec<Violation> = RULES.iter().flat_map(|rule| rule(&sources)).collect();
    found.extend(layers::imports(&sources));
    found.extend(wasm::violations(&wasm::dependencies()?));
    found.extend(crates::violations()?);
    Ok(found)
}
