//! Rules for imports: no import from a higher layer, and no large import cycles.

mod graph;
mod module;
mod table;
mod tokens;

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::fmt::Write as _;

use self::graph::{Graph, read};
use self::table::{CRATES, CrateRules, Reserved};
use super::Violation;
use super::files::Source;

const RULE: &str = "layers";
const TABLE: &str = "xtask/src/tidy/layers/table.rs";
/// Maximum number of files in an import cycle. A type, its SQL and their errors may need each other.
const MAX_CYCLE: usize = 4;

/// Finds imports from a higher layer, crates outside the folders that may name them, and import cycles that
/// are too large.
pub(super) fn imports(sources: &[Source]) -> Vec<Violation> {
    CRATES
        .iter()
        .flat_map(|rules| check(rules, sources))
        .collect()
}

/// The layers and import cycles of every crate.
pub(super) fn report(sources: &[Source]) -> String {
    let mut report = String::new();
    for rules in &CRATES {
        let graph = read(sources, rules.root);
        let cycles = graph.cycles();
        let _ = writeln!(
            report,
            "{}: {} files, {} cycles",
            rules.root,
            graph.files.len(),
            cycles.len()
        );
        let needs = graph.needs();
        for cycle in cycles {
            let _ = writeln!(report, "  cycle of {} files:", cycle.len());
            for file in &cycle {
                let inside: Vec<String> = needs
                    .get(file)
                    .into_iter()
                    .flatten()
                    .filter(|other| cycle.contains(other))
                    .map(|other| name(other))
                    .collect();
                let _ = writeln!(report, "    {} imports {}", name(file), inside.join(", "));
            }
        }
    }
    report
}

fn check(rules: &CrateRules, sources: &[Source]) -> Vec<Violation> {
    let graph = read(sources, rules.root);
    if graph.files.is_empty() {
        return Vec::new();
    }
    let mut found = upward_imports(rules, &graph);
    for reserved in rules.reserved {
        found.extend(reserved_crate_violations(rules, reserved, &graph));
    }
    found.extend(cycles(rules, &graph));
    found
}

fn upward_imports(rules: &CrateRules, graph: &Graph) -> Vec<Violation> {
    let mut found = Vec::new();
    for file in &graph.files {
        if rules.layer(file).is_none() {
            let advice = format!("stands in no layer; add it to {TABLE}.");
            found.push(rules.violation(file, 1, advice));
        }
    }
    let mut known = BTreeSet::new();
    for edge in &graph.edges {
        let (Some((from, _)), Some((to, above))) = (rules.layer(&edge.from), rules.layer(&edge.to))
        else {
            continue;
        };
        // Layers are counted from the top.
        if to < from && known.insert((&edge.from, &edge.to)) {
            let layers: Vec<String> = rules.layers.iter().map(|layer| layer.join(" ")).collect();
            let advice = format!(
                "imports {}, and {above} lies above it; import from its own layer or below ({}).",
                name(&edge.to),
                layers.join(" > ")
            );
            found.push(rules.violation(&edge.from, edge.line, advice));
        }
    }
    found
}

fn reserved_crate_violations(
    rules: &CrateRules,
    reserved: &Reserved,
    graph: &Graph,
) -> Vec<Violation> {
    let is_foreign = |name: &str| reserved.crates.contains(&name);
    let mut known = BTreeSet::new();
    let foreign = graph.foreign.iter().filter(|foreign| {
        is_foreign(&foreign.name)
            && !reserved
                .folders
                .iter()
                .any(|folder| fits(folder, &foreign.from))
            && known.insert((&foreign.from, &foreign.name))
    });
    foreign
        .map(|foreign| {
            let advice = format!(
                "names {}, which only {} may; see {TABLE}.",
                foreign.name,
                reserved.folders.join(", ")
            );
            rules.violation(&foreign.from, foreign.line, advice)
        })
        .collect()
}

fn cycles(rules: &CrateRules, graph: &Graph) -> Vec<Violation> {
    let mut found = Vec::new();
    for cycle in graph.cycles() {
        let counted: Vec<&str> = cycle
            .into_iter()
            .filter(|file| !rules.cycles_allowed.iter().any(|folder| fits(folder, file)))
            .collect();
        if counted.len() > MAX_CYCLE
            && let Some(first) = counted.first()
        {
            let names: Vec<String> = counted.iter().map(|file| name(file)).collect();
            let advice = format!(
                "is one of {} files that import each other, and at most {MAX_CYCLE} may: {}; `cargo xtask tidy \
                 layers` prints the cycle.",
                counted.len(),
                names.join(", ")
            );
            found.push(rules.violation(first, 1, advice));
        }
    }
    found
}

impl CrateRules {
    /// The layer of a file, counted from the top, and the entry of the table that assigns it.
    fn layer(&self, file: &str) -> Option<(usize, &'static str)> {
        let entries = self.layers.iter().enumerate();
        let entries =
            entries.flat_map(|(index, layer)| layer.iter().map(move |entry| (index, *entry)));
        entries
            .filter(|(_, entry)| fits(entry, file))
            .max_by_key(|(_, entry)| entry.len())
    }

    fn violation(&self, file: &str, line: usize, advice: String) -> Violation {
        Violation {
            rule: RULE,
            file: format!("{}/{file}.rs", self.root),
            line,
            advice,
        }
    }
}

/// Whether an entry of the table matches a file: the file itself, a folder that contains it, or `*` with any
/// folder.
fn fits(entry: &str, file: &str) -> bool {
    if entry == "*" {
        return file.contains('/');
    }
    file.strip_prefix(entry)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The module of a file: `limits` for `limits/mod`, `limits::store` for `limits/store`.
fn name(file: &str) -> String {
    file.strip_suffix("/mod").unwrap_or(file).replace('/', "::")
}
