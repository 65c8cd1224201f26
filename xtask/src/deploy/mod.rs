//! `cargo xtask test deploy`: the archive, as operators use it: units, proxies, image, and a machine with nothing else.

mod bare;
mod image;
mod proxies;
mod units;

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

use crate::steps::with_table;
use crate::{dist, repo};

/// A part of the job: its name, and what it does with the folder of the archive.
type Part = (&'static str, fn(&Path) -> Result<()>);

const PARTS: [Part; 4] = [
    ("units", units::check),
    ("proxies", proxies::check),
    ("image", image::check),
    ("bare", bare::check),
];

/// Tries all parts, or the named ones, on a new archive or on the unpacked one that `DEPLOY_FOLDER` names.
pub(crate) fn try_out(names: &[String]) -> Result<()> {
    let known: Vec<&str> = PARTS.iter().map(|(name, _)| *name).collect();
    if let Some(name) = names.iter().find(|name| !known.contains(&name.as_str())) {
        bail!(
            "There is no part {name}; the parts are: {}.",
            known.join(", ")
        );
    }
    with_table(|| {
        let folder = match repo::variable("DEPLOY_FOLDER") {
            Some(folder) => PathBuf::from(folder),
            None => dist::build(dist::TARGET)?.folder,
        };
        PARTS
            .iter()
            .filter(|(name, _)| names.is_empty() || names.iter().any(|chosen| chosen == name))
            .try_for_each(|(_, check)| check(&folder))
    })
}
