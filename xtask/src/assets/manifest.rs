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
    /// The stylesheets of every page, and of the demo site's pages.
    pub(crate) css: [String; 2],
    /// `None` while the islands are being built.
    pub(crate) frontend: Option<Frontend>,
    /// The script that reloads pages, for `cargo xtask dev`.
    pub(crate) reload: Option<String>,
}

/// The names of the islands' script and wasm, without their endings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Frontend {
    /// The bundle of every island.
    pub(crate) all: String,
    /// The bundle of the login's islands, if it was built.
    pub(crate) login: Option<String>,
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
        let frontend = self.frontend.iter().any(|frontend| {
            let mut stems = frontend.login.iter().chain([&frontend.all]);
            stems.any(|stem| name.starts_with(stem.as_str()))
        });
        let reload = self.reload.is_some() && name.starts_with("reload.");
        frontend || reload || self.css.iter().any(|css| name.starts_with(css))
    }

    fn json(&self) -> String {
        let [main, site] = &self.css;
        let mut fields = vec![format!("\"css\":\"{main}\",\"site_css\":\"{site}\"")];
        if let Some(frontend) = &self.frontend {
            fields.push(bundle(&frontend.all));
            let login = frontend.login.as_deref().map(bundle);
            fields.extend(login.map(|login| format!("\"login\":{{{login}}}")));
        }
        let reload = self.reload.as_ref();
        fields.extend(reload.map(|reload| format!("\"reload\":\"{reload}\"")));
        format!("{{{}}}\n", fields.join(","))
    }
}

fn bundle(stem: &str) -> String {
    format!("\"script\":\"{stem}.js\",\"wasm\":\"{stem}_bg.wasm\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_islands_are_named_once_they_are_there() {
        let css = Manifest {
            css: ["a.css", "s.css"].map(str::to_owned),
            ..Manifest::default()
        };
        assert_eq!(css.json(), "{\"css\":\"a.css\",\"site_css\":\"s.css\"}\n");
        let all = Manifest {
            frontend: Some(Frontend {
                all: "f.1".to_owned(),
                login: None,
            }),
            reload: Some("reload.2.js".to_owned()),
            ..css.clone()
        };
        assert_eq!(
            all.json(),
            "{\"css\":\"a.css\",\"site_css\":\"s.css\",\"script\":\"f.1.js\",\"wasm\":\"f.1_bg.wasm\",\"reload\":\"reload.2.js\"}\n"
        );
        let both = Manifest {
            frontend: Some(Frontend {
                all: "f.1".to_owned(),
                login: Some("l.3".to_owned()),
            }),
            ..css
        };
        assert_eq!(
            both.json(),
            "{\"css\":\"a.css\",\"site_css\":\"s.css\",\"script\":\"f.1.js\",\"wasm\":\"f.1_bg.wasm\",\"login\":{\"script\":\"l.3.js\",\"wasm\":\"l.3_bg.wasm\"}}\n"
        );
        for (name, known) in [
            ("s.css.br", true),
            ("f.1_bg.wasm.br", true),
            ("l.3.js", true),
            ("l.2.js", false),
        ] {
            assert_eq!(both.knows(name), known, "{name}");
        }
    }
}
