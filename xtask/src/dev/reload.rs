//! What tells open pages that there is something new: a script in every page, and the file that it asks for.

use std::path::PathBuf;

use anyhow::{Context, Result};

use crate::assets::{self, Site};
use crate::repo;

const SCRIPT: &str = include_str!("reload.js");

/// The file that says which style sheet and which build are the latest.
pub(super) struct Reload {
    pkg: PathBuf,
    css: String,
    build: u32,
}

impl Reload {
    /// Puts the script into every page from its next load on.
    pub(super) fn install(site: &Site) -> Result<Self> {
        let pkg = site.pkg();
        let script = format!("reload.{}.js", assets::short_hash([SCRIPT.as_bytes()]));
        repo::write(&pkg.join(&script), SCRIPT)?;
        let manifest = site.update(|manifest| manifest.reload = Some(script))?;
        let reload = Self {
            pkg,
            css: manifest.css,
            build: 0,
        };
        reload.write()?;
        Ok(reload)
    }

    /// Makes open pages take another style sheet.
    pub(super) fn style(&mut self, css: String) -> Result<()> {
        self.css = css;
        self.write()
    }

    /// Makes open pages load again.
    pub(super) fn pages(&mut self) -> Result<()> {
        self.build += 1;
        self.write()
    }

    fn write(&self) -> Result<()> {
        let (draft, file) = (
            self.pkg.join("reload.json.new"),
            self.pkg.join("reload.json"),
        );
        // A page that was open before this program started must not take the first build for its own.
        let build = format!("{}.{}", std::process::id(), self.build);
        repo::write(
            &draft,
            format!("{{\"css\":\"{}\",\"build\":\"{build}\"}}\n", self.css),
        )?;
        std::fs::rename(&draft, &file)
            .with_context(|| format!("Cannot replace {}; check that you may.", file.display()))
    }
}
