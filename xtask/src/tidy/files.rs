//! The text files of the workspace, as input for the rules.

use std::fs;
use std::path::Path;

use anyhow::Result;

use crate::repo;

const SKIPPED: [&str; 6] = [
    "target",
    "node_modules",
    ".git",
    "data",
    "test-results",
    "playwright-report",
];
const EXTENSIONS: [&str; 12] = [
    "rs", "css", "ts", "js", "sql", "toml", "yml", "md", "svg", "html", "json", "txt",
];

/// A text file of the workspace.
pub(crate) struct Source {
    pub(super) path: String,
    pub(super) text: String,
}

impl Source {
    /// The path from the workspace's folder, with `/` between the parts.
    pub(crate) fn path(&self) -> &str {
        &self.path
    }

    #[cfg(test)]
    pub(super) fn new(path: &str, text: &str) -> Self {
        Self {
            path: path.to_owned(),
            text: text.to_owned(),
        }
    }

    /// Whether the file has this extension.
    pub(super) fn is(&self, extension: &str) -> bool {
        self.path
            .rsplit_once('.')
            .is_some_and(|(_, ending)| ending == extension)
    }

    /// Whether the file contains only tests.
    pub(super) fn is_test(&self) -> bool {
        self.path.contains("/tests/") || self.path.ends_with("/tests.rs")
    }

    /// The lines with their numbers, counted from 1.
    pub(crate) fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        self.text
            .split('\n')
            .enumerate()
            .map(|(index, line)| (index + 1, line))
    }
}

/// All hand-written text files below `root`.
pub(super) fn read(root: &Path) -> Result<Vec<Source>> {
    let mut sources = Vec::new();
    collect(root, "", &mut sources)?;
    Ok(sources)
}

fn collect(folder: &Path, prefix: &str, sources: &mut Vec<Source>) -> Result<()> {
    for path in repo::entries(folder)? {
        let Some(name) = path.file_name().and_then(|name| name.to_str()) else {
            continue;
        };
        let relative = format!("{prefix}{name}");
        if path.is_dir() {
            if !SKIPPED.contains(&name) {
                collect(&path, &format!("{relative}/"), sources)?;
            }
        } else if is_text(name) {
            // The file may have been deleted since the folder was listed.
            sources.extend(fs::read_to_string(&path).ok().map(|text| Source {
                path: relative,
                text,
            }));
        }
    }
    Ok(())
}

fn is_text(name: &str) -> bool {
    let extension = name.rsplit_once('.').map(|(_, extension)| extension);
    name == ".env.example"
        || name == "run"
        || extension.is_some_and(|extension| EXTENSIONS.contains(&extension))
}
