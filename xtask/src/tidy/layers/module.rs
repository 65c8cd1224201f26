//! Parses a Rust file: its modules with their children, the names they define, their imports and the paths
//! they name.

use std::collections::BTreeSet;

use super::tokens::{Token, tokens};

/// The parts of a path: `crate::limits::Key`.
pub(super) type Path = Vec<String>;

const DEFINING: [&str; 8] = [
    "struct", "enum", "union", "fn", "const", "static", "type", "trait",
];

/// A path in a `use` or in the code.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Import {
    pub(super) path: Path,
    pub(super) kind: Kind,
    pub(super) line: usize,
}

/// Where a path occurs.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// `use path;` or `use path as name;`: imported under this name.
    Use { name: String, public: bool },
    /// `use path::*;`
    Glob,
    /// A path in the code.
    Path,
}

/// A module: a file, or a `mod name { … }` inside one.
#[derive(Debug, Default)]
pub(super) struct Module {
    /// The path from the crate's root, without `crate`.
    pub(super) path: Path,
    pub(super) children: BTreeSet<String>,
    pub(super) items: BTreeSet<String>,
    pub(super) imports: Vec<Import>,
    /// Every name in the code outside `use`.
    pub(super) words: BTreeSet<String>,
}

/// The content of a file.
#[derive(Debug, Default)]
pub(super) struct Parsed {
    /// The file's own module, followed by its inline modules.
    pub(super) modules: Vec<Module>,
    /// The children that are compiled only for tests.
    pub(super) test_children: Vec<Path>,
}

/// Parses a file whose module is `path`, without code that only tests compile.
pub(super) fn parse(text: &str, path: Path) -> Parsed {
    let tokens = tokens(text);
    let mut reader = Reader {
        tokens: &tokens,
        at: 0,
        depth: 0,
        open: vec![(0, 0)],
        parsed: Parsed::default(),
    };
    reader.parsed.modules.push(Module {
        path,
        ..Module::default()
    });
    reader.run();
    reader.parsed
}

struct Reader<'a> {
    tokens: &'a [Token<'a>],
    at: usize,
    depth: usize,
    /// The modules that enclose the current position: their index, and the brace depth of their content.
    open: Vec<(usize, usize)>,
    parsed: Parsed,
}

impl Reader<'_> {
    fn run(&mut self) {
        while self.at < self.tokens.len() {
            match (self.text(0), self.text(1)) {
                ("#", "[") if self.is_test_gate() => self.skip_gated(),
                ("{", _) => {
                    self.depth += 1;
                    self.at += 1;
                }
                ("}", _) => self.close(),
                ("use", next) if next != "<" => self.read_use(),
                ("mod", _) if self.is_name(1) => self.read_mod(),
                ("macro_rules", "!") => {
                    self.define(2);
                    self.at += 3;
                }
                (word, _) if DEFINING.contains(&word) && self.is_name(1) => {
                    self.define(1);
                    self.at += 1;
                }
                _ if self.is_name(0) => self.read_path(),
                _ => self.at += 1,
            }
        }
    }

    fn text(&self, ahead: usize) -> &str {
        self.tokens
            .get(self.at + ahead)
            .map_or("", |token| token.text)
    }

    fn is_name(&self, ahead: usize) -> bool {
        self.tokens.get(self.at + ahead).is_some_and(Token::is_name)
    }

    fn before(&self, back: usize) -> &str {
        let index = self.at.checked_sub(back);
        let token = index.and_then(|index| self.tokens.get(index));
        token.map_or("", |token| token.text)
    }

    fn line(&self) -> usize {
        self.tokens.get(self.at).map_or(0, |token| token.line)
    }

    fn module(&mut self) -> Option<&mut Module> {
        let (index, _) = self.open.last()?;
        self.parsed.modules.get_mut(*index)
    }

    fn module_path(&self) -> Path {
        let module = self
            .open
            .last()
            .and_then(|(index, _)| self.parsed.modules.get(*index));
        module.map(|module| module.path.clone()).unwrap_or_default()
    }

    /// Adds the name at `ahead` to the names that the module defines, if it is at the module's own level.
    fn define(&mut self, ahead: usize) {
        let name = self.text(ahead).to_owned();
        let own = self
            .open
            .last()
            .is_some_and(|(_, depth)| *depth == self.depth);
        if let Some(module) = self.module().filter(|_| own) {
            module.items.insert(name);
        }
    }

    fn close(&mut self) {
        let ends = self.open.len() > 1
            && self
                .open
                .last()
                .is_some_and(|(_, depth)| *depth == self.depth);
        if ends {
            self.open.pop();
        }
        self.depth = self.depth.saturating_sub(1);
        self.at += 1;
    }

    fn read_mod(&mut self) {
        let name = self.text(1).to_owned();
        let opens = self.text(2) == "{";
        if let Some(module) = self.module() {
            module.children.insert(name.clone());
        }
        if opens {
            let mut path = self.module_path();
            path.push(name);
            self.depth += 1;
            self.open.push((self.parsed.modules.len(), self.depth));
            self.parsed.modules.push(Module {
                path,
                ..Module::default()
            });
        }
        self.at += 3;
    }

    fn read_path(&mut self) {
        let line = self.line();
        let field = matches!(self.before(1), "." | "::");
        let of_macro = self.before(1) == "$" && self.text(0) != "crate";
        let mut path = vec![self.text(0).to_owned()];
        self.at += 1;
        while self.text(0) == "::" && self.is_name(1) {
            path.push(self.text(1).to_owned());
            self.at += 2;
        }
        let Some(module) = self.module() else { return };
        if let Some(first) = path.first().filter(|_| !field) {
            module.words.insert(first.clone());
        }
        if path.len() > 1 && !field && !of_macro {
            module.imports.push(Import {
                path,
                kind: Kind::Path,
                line,
            });
        }
    }

    fn read_use(&mut self) {
        let public = self.is_public();
        self.at += 1;
        let mut found = Vec::new();
        self.read_tree(&[], public, &mut found);
        if let Some(module) = self.module() {
            module.imports.extend(found);
        }
    }

    /// Whether the current position follows `pub` or `pub(…)`.
    fn is_public(&self) -> bool {
        if self.before(1) != ")" {
            return self.before(1) == "pub";
        }
        let open = (2..6).find(|back| self.before(*back) == "(");
        open.is_some_and(|back| self.before(back + 1) == "pub")
    }

    /// Reads one branch of a `use` tree, up to the next `,`, `}` or `;`.
    fn read_tree(&mut self, prefix: &[String], public: bool, found: &mut Vec<Import>) {
        let mut path = prefix.to_vec();
        while self.at < self.tokens.len() {
            let line = self.line();
            if self.text(0) == "::" {
                self.at += 1;
            } else if self.text(0) == "{" {
                self.at += 1;
                while !matches!(self.text(0), "}" | "") {
                    self.read_tree(&path, public, found);
                    if self.text(0) == "," {
                        self.at += 1;
                    } else if self.text(0) != "}" {
                        return;
                    }
                }
                self.at += 1;
                return;
            } else if self.text(0) == "*" {
                self.at += 1;
                let kind = Kind::Glob;
                found.push(Import { path, kind, line });
                return;
            } else if self.is_name(0) {
                if self.text(0) != "self" || path.is_empty() {
                    path.push(self.text(0).to_owned());
                }
                self.at += 1;
                if self.text(0) != "::" {
                    let name = self.alias().or_else(|| path.last().cloned());
                    let name = name.unwrap_or_default();
                    let kind = Kind::Use { name, public };
                    found.push(Import { path, kind, line });
                    return;
                }
            } else {
                return;
            }
        }
    }

    fn alias(&mut self) -> Option<String> {
        if self.text(0) != "as" {
            return None;
        }
        let name = self.text(1).to_owned();
        self.at += 2;
        Some(name)
    }

    /// Whether `#[cfg(…test…)]` begins at the current position.
    fn is_test_gate(&self) -> bool {
        if self.text(2) != "cfg" {
            return false;
        }
        let inside = (3..).map(|ahead| self.text(ahead));
        let inside: Vec<&str> = inside
            .take_while(|text| !matches!(*text, "]" | ""))
            .collect();
        inside.contains(&"test") && !inside.contains(&"not") && !inside.contains(&"any")
    }

    /// Skips the attribute and the item it applies to.
    fn skip_gated(&mut self) {
        while self.text(0) == "#" && self.text(1) == "[" {
            self.at += 1;
            self.skip_group();
        }
        while !matches!(self.text(0), ";" | "}" | "") {
            let is_child = self.text(0) == "mod" && self.is_name(1) && self.text(2) == ";";
            if is_child {
                let mut path = self.module_path();
                path.push(self.text(1).to_owned());
                self.parsed.test_children.push(path);
            }
            match self.text(0) {
                "(" | "[" => self.skip_group(),
                "{" => {
                    self.skip_group();
                    return;
                }
                _ => self.at += 1,
            }
        }
        if self.text(0) == ";" {
            self.at += 1;
        }
    }

    /// Skips from an opening bracket to the matching closing one.
    fn skip_group(&mut self) {
        let mut depth = 0_usize;
        while self.at < self.tokens.len() {
            match self.text(0) {
                "(" | "[" | "{" => depth += 1,
                ")" | "]" | "}" => depth = depth.saturating_sub(1),
                _ => {}
            }
            self.at += 1;
            if depth == 0 {
                return;
            }
        }
    }
}
