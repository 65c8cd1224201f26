//! The manifest of the browser's files, in which the build writes their names.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::Context;
use app::model::{Deployment, Frontend};
use serde::Deserialize;

/// The path of a manifest, `assets.json`.
#[derive(Clone, Debug)]
pub struct Manifest(PathBuf);

/// The content of a manifest. `script` and `wasm` are missing until the islands are built.
#[derive(Deserialize)]
struct Names {
    css: String,
    script: Option<String>,
    wasm: Option<String>,
    reload: Option<String>,
}

impl Manifest {
    /// The manifest in a folder of built files.
    pub fn of(folder: &Path) -> Self {
        Self(folder.join("assets.json"))
    }

    /// Sets the file names in `deployment`. Without a manifest, pages work without styles and islands.
    ///
    /// # Errors
    /// If the manifest cannot be parsed.
    pub fn apply(&self, deployment: &mut Deployment) -> anyhow::Result<()> {
        let Ok(text) = fs::read(&self.0) else {
            return Ok(());
        };
        let names: Names = serde_json::from_slice(&text)
            .with_context(|| format!("{} cannot be used", self.0.display()))?;
        deployment.frontend = names
            .script
            .zip(names.wasm)
            .map(|(script, wasm)| Frontend { script, wasm });
        deployment.css = Some(names.css);
        // The script that reloads pages is only for development.
        deployment.reload = names.reload.filter(|_| deployment.demo);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn deployment(demo: bool) -> Deployment {
        Deployment {
            frontend: None,
            css: None,
            reload: None,
            site_origin: String::new(),
            mailbox_url: None,
            demo,
            providers: Vec::new(),
            password_length: (8, 128),
        }
    }

    fn applied(manifest: &str, demo: bool) -> Deployment {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("assets.json"), manifest).unwrap();
        let mut deployment = deployment(demo);
        Manifest::of(folder.path()).apply(&mut deployment).unwrap();
        deployment
    }

    #[test]
    fn islands_come_when_both_their_files_are_there() {
        let before = applied(r#"{"css":"a.css"}"#, true);
        assert_eq!(
            (before.css.as_deref(), before.frontend),
            (Some("a.css"), None)
        );
        let after = applied(r#"{"css":"a.css","script":"a.js","wasm":"a.wasm"}"#, true);
        let names = after.frontend.map(|names| (names.script, names.wasm));
        assert_eq!(names, Some(("a.js".to_owned(), "a.wasm".to_owned())));
    }

    #[test]
    fn production_never_reloads_pages() {
        let manifest = r#"{"css":"a.css","reload":"reload.js"}"#;
        assert_eq!(applied(manifest, true).reload.as_deref(), Some("reload.js"));
        assert_eq!(applied(manifest, false).reload, None);
    }

    #[test]
    fn a_missing_manifest_leaves_the_pages_plain_and_a_broken_one_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let mut plain = deployment(true);
        let manifest = Manifest::of(folder.path());
        manifest.apply(&mut plain).unwrap();
        assert_eq!(plain.css, None);
        fs::write(folder.path().join("assets.json"), "css").unwrap();
        assert!(manifest.apply(&mut plain).is_err());
    }
}
