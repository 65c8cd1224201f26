//! `assets.json`: tells the server the names of the built files.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context, Result};

use crate::repo;

/// The manifest's name in the folder of the built files.
pub(super) const FILE: &str = "assets.json";

/// File names below `/pkg`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Manifest {
    pub(crate) css: String,
    /// The name of the islands' script and wasm, without their endings; `None` while they are being built.
    pub(crate) frontend: Option<String>,
    /// The script that reloads pages, for `cargo xtask dev`.
    pub(crate) reload: Option<String>,
}

/// The folder of the built files and its manifest, shared by everything that builds some of them.
#[derive(Clone, Debug)]
pub(crate) struct Site {
    folder: PathBuf,
    manifest: Arc<Mutex<Manifest>>,
}

impl Site {
    pub(super) fn new(folder: PathBuf) -> Self {
        Self {
            folder,
            manifest: Arc::default(),
        }
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// The files whose names carry a hash.
    pub(crate) fn pkg(&self) -> PathBuf {
        self.folder.join("pkg")
    }

    /// Changes the manifest and writes it. The file is replaced atomically, since a running server may read
    /// it at any time.
    pub(crate) fn update(&self, change: impl FnOnce(&mut Manifest)) -> Result<Manifest> {
        let mut manifest = self.manifest.lock().unwrap_or_else(PoisonError::into_inner);
        change(&mut manifest);
        let (draft, file) = (self.folder.join("assets.json.new"), self.folder.join(FILE));
        repo::write(&draft, manifest.json())?;
        std::fs::rename(&draft, &file).with_context(|| {
            format!("Cannot replace {}; check its permissions.", file.display())
        })?;
        Ok(manifest.clone())
    }
}

impl Manifest {
    /// Whether a file below `/pkg` belongs to this build.
    pub(super) fn knows(&self, name: &str) -> bool {
        let frontend = self
            .frontend
            .as_ref()
            .is_some_and(|stem| name.starts_with(stem.as_str()));
        let reload = self.reload.is_some() && name.starts_with("reload.");
        frontend || reload || name.starts_with(&self.css)
    }

    fn json(&self) -> String {
        let mut fields = vec![("css", self.css.clone())];
        if let Some(frontend) = &self.frontend {
            fields.push(("script", format!("{frontend}.js")));
            fields.push(("wasm", format!("{frontend}_bg.wasm")));
        }
        fields.extend(self.reload.clone().map(|reload| ("reload", reload)));
        let fields: Vec<String> = fields
            .iter()
            .map(|(name, value)| format!("\"{name}\":\"{value}\""))
            .collect();
        format!("{{{}}}\n", fields.join(","))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_islands_are_named_once_they_are_there() {
        let css = Manifest {
            css: "a.css".to_owned(),
            ..Manifest::default()
        };
        assert_eq!(css.json(), "{\"css\":\"a.css\"}\n");
        let all = Manifest {
            frontend: Some("f.1".to_owned()),
            reload: Some("reload.2.js".to_owned()),
            ..css
        };
        assert_eq!(
            all.json(),
            "{\"css\":\"a.css\",\"script\":\"f.1.js\",\"wasm\":\"f.1_bg.wasm\",\"reload\":\"reload.2.js\"}\n"
        );
    }
}
