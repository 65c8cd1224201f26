//! The graph of imports between the files of a crate. Re-exports are followed to the file that defines the
//! name.

use std::collections::{BTreeMap, BTreeSet};

use super::module::{Import, Kind, Module, Path, parse};
use crate::tidy::files::Source;

/// Maximum length of a chain of re-exports that is followed.
const LONGEST_CHAIN: u8 = 16;

/// One file imports another.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Edge {
    pub(super) from: String,
    pub(super) to: String,
    pub(super) line: usize,
    /// The file only passes the name on (`pub use`, or a module's name alone) and does not use it itself.
    pub(super) is_reexport: bool,
}

/// A file names another crate.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Foreign {
    pub(super) from: String,
    pub(super) name: String,
    pub(super) line: usize,
}

/// The files of a crate and their imports. Files are identified by their path below `src`, without `.rs`.
#[derive(Debug, Default)]
pub(super) struct Graph {
    pub(super) files: BTreeSet<String>,
    pub(super) edges: Vec<Edge>,
    pub(super) foreign: Vec<Foreign>,
}

enum Found {
    Module(Path),
    /// An item defined in the module with this path.
    Item(Path),
    Foreign(String),
}

struct Crate {
    name: String,
    modules: BTreeMap<Path, Module>,
    files: BTreeMap<Path, String>,
}

/// Reads the crate at `root`, such as `server/src`, without code that only tests compile.
pub(super) fn read(sources: &[Source], root: &str) -> Graph {
    let whole = Crate::read(sources, root);
    let mut graph = Graph::default();
    for (path, module) in &whole.modules {
        let from = whole.file(path);
        graph.files.insert(from.clone());
        for import in &module.imports {
            match whole.locate(path, &import.path, LONGEST_CHAIN) {
                Some(Found::Foreign(name)) => {
                    let line = import.line;
                    let from = from.clone();
                    graph.foreign.push(Foreign { from, name, line });
                }
                Some(Found::Item(to)) => {
                    graph.add(
                        &from,
                        whole.file(&to),
                        import.line,
                        is_reexport(module, import),
                    );
                }
                Some(Found::Module(to)) => {
                    let is_reexport = import.kind != Kind::Glob;
                    graph.add(&from, whole.file(&to), import.line, is_reexport);
                }
                None => {}
            }
        }
    }
    graph
}

fn is_reexport(module: &Module, import: &Import) -> bool {
    match &import.kind {
        Kind::Use { name, public } => *public && !module.words.contains(name),
        Kind::Glob | Kind::Path => false,
    }
}

impl Graph {
    fn add(&mut self, from: &str, to: String, line: usize, is_reexport: bool) {
        if from != to {
            let from = from.to_owned();
            self.edges.push(Edge {
                from,
                to,
                line,
                is_reexport,
            });
        }
    }

    /// The files that each file uses, without those whose names it only passes on.
    pub(super) fn needs(&self) -> BTreeMap<&str, BTreeSet<&str>> {
        let mut needs: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for file in &self.files {
            needs.entry(file).or_default();
        }
        for edge in self.edges.iter().filter(|edge| !edge.is_reexport) {
            needs.entry(&edge.from).or_default().insert(&edge.to);
        }
        needs
    }

    /// The import cycles, largest first: the sets of files each of which needs, directly or indirectly, all
    /// others of the set (strongly connected components).
    pub(super) fn cycles(&self) -> Vec<Vec<&str>> {
        let needs = self.needs();
        let reached: BTreeMap<&str, BTreeSet<&str>> = needs
            .keys()
            .map(|file| (*file, reachable(file, &needs)))
            .collect();
        let reaches = |from: &str, to: &str| reached.get(from).is_some_and(|all| all.contains(to));
        let mut cycles: Vec<Vec<&str>> = Vec::new();
        for file in needs.keys().copied().filter(|file| reaches(file, file)) {
            if cycles.iter().any(|cycle| cycle.contains(&file)) {
                continue;
            }
            let others = needs.keys().copied();
            cycles.push(
                others
                    .filter(|other| reaches(file, other) && reaches(other, file))
                    .collect(),
            );
        }
        cycles.sort_by_key(|cycle| std::cmp::Reverse(cycle.len()));
        cycles
    }
}

fn reachable<'a>(from: &str, needs: &BTreeMap<&'a str, BTreeSet<&'a str>>) -> BTreeSet<&'a str> {
    let mut reached = BTreeSet::new();
    let mut open: Vec<&str> = needs.get(from).into_iter().flatten().copied().collect();
    while let Some(file) = open.pop() {
        if let Some(found) = needs.get_key_value(file).map(|(found, _)| *found)
            && reached.insert(found)
        {
            open.extend(needs.get(found).into_iter().flatten());
        }
    }
    reached
}

impl Crate {
    fn read(sources: &[Source], root: &str) -> Self {
        let mut whole = Self {
            name: root.split('/').next().unwrap_or(root).replace('-', "_"),
            modules: BTreeMap::new(),
            files: BTreeMap::new(),
        };
        let mut test_children = Vec::new();
        let files = sources
            .iter()
            .filter(|source| source.is("rs") && !source.is_test());
        for source in files {
            let below = source
                .path
                .strip_prefix(root)
                .and_then(|path| path.strip_prefix('/'));
            let Some(file) = below.and_then(|path| path.strip_suffix(".rs")) else {
                continue;
            };
            let path = module_path(file);
            let parsed = parse(&source.text, path.clone());
            whole.files.insert(path, file.to_owned());
            test_children.extend(parsed.test_children);
            for module in parsed.modules {
                whole.modules.insert(module.path.clone(), module);
            }
        }
        let is_test = |path: &Path| test_children.iter().any(|child| path.starts_with(child));
        whole.modules.retain(|path, _| !is_test(path));
        whole
    }

    /// The file of a module: its own, or the one that contains it.
    fn file(&self, module: &Path) -> String {
        let mut path = module.clone();
        loop {
            if let Some(file) = self.files.get(&path) {
                return file.clone();
            }
            if path.pop().is_none() {
                return "lib".to_owned();
            }
        }
    }

    /// Resolves a path that is named in the module `scope`. `left` limits how many re-exports are followed.
    fn locate(&self, scope: &Path, path: &[String], left: u8) -> Option<Found> {
        let (first, rest) = path.split_first()?;
        let mut here = match first.as_str() {
            "crate" => Vec::new(),
            "self" => scope.clone(),
            "super" => parent(scope),
            name => match self.member(scope, name, rest.is_empty(), left) {
                Some(Found::Module(module)) => module,
                Some(other) => return Some(other),
                None if name == self.name => Vec::new(),
                None => return Some(Found::Foreign(name.to_owned())),
            },
        };
        for (index, name) in rest.iter().enumerate() {
            if name == "super" {
                here = parent(&here);
                continue;
            }
            match self.member(&here, name, index + 1 == rest.len(), left) {
                Some(Found::Module(module)) => here = module,
                Some(other) => return Some(other),
                // Defined by a macro, for example: counts as an item of this module.
                None => return Some(Found::Item(here)),
            }
        }
        Some(Found::Module(here))
    }

    /// Resolves a name inside a module.
    fn member(&self, module: &Path, name: &str, is_last: bool, left: u8) -> Option<Found> {
        let left = left.checked_sub(1)?;
        let declared = self.modules.get(module)?;
        if is_last && declared.items.contains(name) {
            return Some(Found::Item(module.clone()));
        }
        if declared.children.contains(name) {
            let mut child = module.clone();
            child.push(name.to_owned());
            return Some(Found::Module(child));
        }
        if declared.items.contains(name) {
            return Some(Found::Item(module.clone()));
        }
        for import in &declared.imports {
            match &import.kind {
                Kind::Use { name: known, .. } if known == name => {
                    return self.locate(module, &import.path, left);
                }
                _ => {}
            }
        }
        let globs = declared
            .imports
            .iter()
            .filter(|import| import.kind == Kind::Glob);
        for glob in globs {
            if let Some(Found::Module(source)) = self.locate(module, &glob.path, left)
                && let Some(found) = self.member(&source, name, is_last, left)
            {
                return Some(found);
            }
        }
        None
    }
}

fn parent(path: &Path) -> Path {
    let mut path = path.clone();
    path.pop();
    path
}

/// The module of a file: `limits` for `limits/mod` and `limits`, the root for `lib`.
fn module_path(file: &str) -> Path {
    if file == "lib" {
        return Vec::new();
    }
    let file = file.strip_suffix("/mod").unwrap_or(file);
    file.split('/').map(str::to_owned).collect()
}
