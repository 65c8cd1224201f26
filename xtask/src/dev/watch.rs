//! Detects changed files and what has to be rebuilt for them.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use anyhow::Result;

use crate::repo;

/// The files and folders that a running demo depends on.
const WATCHED: [&str; 8] = [
    "app",
    "frontend",
    "migrations",
    "sandbox",
    "server",
    "style",
    "Cargo.lock",
    "Cargo.toml",
];

const SKIPPED: [&str; 3] = ["node_modules", "tests", "benches"];

/// What has to be rebuilt.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Changes {
    pub(super) style: bool,
    /// Static files, which are copied.
    pub(super) files: bool,
    pub(super) programs: bool,
    pub(super) islands: bool,
}

impl Changes {
    pub(super) fn any(self) -> bool {
        self != Self::default()
    }

    fn add(&mut self, file: &str) {
        if file.starts_with("style/") {
            self.style = true;
            self.files |= file.starts_with("style/static/");
            return;
        }
        let sdk = file.starts_with("sandbox/sdk/");
        let shared = ["app/", "frontend/", "Cargo"];
        self.islands |= sdk || shared.iter().any(|start| file.starts_with(start));
        self.programs |= !sdk && !file.starts_with("frontend/");
    }
}

type Stamps = BTreeMap<PathBuf, Option<SystemTime>>;

/// The modification times of all watched files at the last check.
pub(super) struct Watch {
    root: PathBuf,
    known: Stamps,
}

impl Watch {
    pub(super) fn start(root: &Path) -> Result<Self> {
        Ok(Self {
            root: root.to_owned(),
            known: stamps(root)?,
        })
    }

    /// What has to be rebuilt for files that were changed, added or deleted since the last check.
    pub(super) fn changes(&mut self) -> Result<Changes> {
        let now = stamps(&self.root)?;
        let mut changes = Changes::default();
        let files = now.keys().chain(self.known.keys());
        for file in files.filter(|file| now.get(*file) != self.known.get(*file)) {
            let name = file.strip_prefix(&self.root).unwrap_or(file);
            changes.add(&name.to_string_lossy());
        }
        self.known = now;
        Ok(changes)
    }
}

fn stamps(root: &Path) -> Result<Stamps> {
    let mut found = Stamps::new();
    for name in WATCHED {
        collect(&root.join(name), &mut found)?;
    }
    Ok(found)
}

fn collect(path: &Path, found: &mut Stamps) -> Result<()> {
    let name = path
        .file_name()
        .and_then(|name| name.to_str())
        .unwrap_or_default();
    if SKIPPED.contains(&name) || name.starts_with('.') || name.ends_with('~') {
        return Ok(());
    }
    if path.is_dir() {
        return repo::entries(path)?
            .iter()
            .try_for_each(|entry| collect(entry, found));
    }
    // The file may have been deleted meanwhile.
    if let Ok(data) = fs::metadata(path) {
        found.insert(path.to_owned(), data.modified().ok());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn changes(file: &str) -> Changes {
        let mut changes = Changes::default();
        changes.add(file);
        changes
    }

    #[test]
    fn a_changed_file_rebuilds_what_depends_on_it() {
        let none = Changes::default();
        let style = Changes {
            style: true,
            ..none
        };
        let programs = Changes {
            programs: true,
            ..none
        };
        let islands = Changes {
            islands: true,
            ..none
        };
        assert_eq!(changes("style/base.css"), style);
        assert_eq!(
            changes("style/static/site.js"),
            Changes {
                files: true,
                ..style
            }
        );
        assert_eq!(changes("server/src/main.rs"), programs);
        assert_eq!(changes("migrations/0001_users.sql"), programs);
        assert_eq!(
            changes("app/src/lib.rs"),
            Changes {
                islands: true,
                ..programs
            }
        );
        assert_eq!(
            changes("Cargo.lock"),
            Changes {
                islands: true,
                ..programs
            }
        );
        assert_eq!(changes("frontend/src/lib.rs"), islands);
        assert_eq!(changes("sandbox/sdk/vendor.js"), islands);
    }

    #[test]
    fn files_that_change_come_or_go_are_seen_once() {
        let root = std::env::temp_dir().join(format!("latchkey-watch-{}", std::process::id()));
        let style = root.join("style");
        fs::create_dir_all(&style).unwrap();
        let mut watch = Watch::start(&root).unwrap();
        assert!(!watch.changes().unwrap().any());
        fs::write(style.join("a.css"), "a").unwrap();
        assert!(watch.changes().unwrap().style);
        assert!(!watch.changes().unwrap().any());
        fs::remove_file(style.join("a.css")).unwrap();
        assert!(watch.changes().unwrap().style);
        fs::remove_dir_all(&root).unwrap();
    }
}
