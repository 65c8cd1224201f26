//! The manifest of the browser's files, in which the build writes their names.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::Context;
use app::model::{Bundle, Deployment, Frontend};
use serde::Deserialize;

/// The path of a manifest, `assets.json`.
#[derive(Clone, Debug)]
pub struct Manifest(PathBuf);

/// The content of a manifest.
#[derive(Deserialize)]
struct Names {
    css: String,
    site_css: Option<String>,
    /// The bundle of every island; missing until it is built.
    #[serde(flatten)]
    all: Option<Bundle>,
    /// The bundle of the login's islands, if it is another one.
    login: Option<Bundle>,
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
        deployment.frontend = names.all.map(|all| Frontend {
            login: names.login.unwrap_or_else(|| all.clone()),
            all,
        });
        deployment.css = Some(names.css);
        deployment.site_css = names.site_css;
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
            site_css: None,
            reload: None,
            site_origin: String::new(),
            mailbox_url: None,
            demo,
            providers: Vec::new(),
            password_length: (8, 128),
        }
    }

    fn bundle(name: &str) -> Bundle {
        Bundle {
            script: format!("{name}.js"),
            wasm: format!("{name}.wasm"),
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
        let before = applied(r#"{"css":"a.css","site_css":"b.css"}"#, true);
        let styles = [before.css.as_deref(), before.site_css.as_deref()];
        assert_eq!(styles, [Some("a.css"), Some("b.css")]);
        assert_eq!(before.frontend, None);
        let after = applied(r#"{"css":"a.css","script":"a.js","wasm":"a.wasm"}"#, true);
        let all = bundle("a");
        let login = all.clone();
        assert_eq!(after.frontend, Some(Frontend { all, login }));
    }

    #[test]
    fn the_login_has_its_own_bundle_in_a_build_for_deployment() {
        let manifest = r#"{"css":"a.css","script":"a.js","wasm":"a.wasm","login":{"script":"b.js","wasm":"b.wasm"}}"#;
        let [all, login] = ["a", "b"].map(bundle);
        let names = applied(manifest, false).frontend;
        assert_eq!(names, Some(Frontend { all, login }));
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
