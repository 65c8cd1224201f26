//! Tells open pages about a new build, with a script in every page and the file that it polls.

use std::path::PathBuf;

use anyhow::{Context, Result};

use crate::assets::{self, Site};
use crate::repo;

const SCRIPT: &str = include_str!("reload.js");

/// The file that names the latest stylesheets and build.
pub(super) struct Reload {
    pkg: PathBuf,
    css: [String; 2],
    build: u32,
}

impl Reload {
    /// Adds the script to every page that is loaded from now on.
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

    /// Makes open pages use other stylesheets.
    pub(super) fn style(&mut self, css: [String; 2]) -> Result<()> {
        self.css = css;
        self.write()
    }

    /// Makes open pages reload.
    pub(super) fn pages(&mut self) -> Result<()> {
        self.build += 1;
        self.write()
    }

    fn write(&self) -> Result<()> {
        let (draft, file) = (
            self.pkg.join("reload.json.new"),
            self.pkg.join("reload.json"),
        );
        // Includes the process ID: otherwise, a page from an earlier run could take this run's build for its
        // own.
        let build = format!("{}.{}", std::process::id(), self.build);
        let css = self.css.join("\",\"");
        repo::write(
            &draft,
            format!("{{\"css\":[\"{css}\"],\"build\":\"{build}\"}}\n"),
        )?;
        std::fs::rename(&draft, &file)
            .with_context(|| format!("Cannot replace {}; check its permissions.", file.display()))
    }
}
