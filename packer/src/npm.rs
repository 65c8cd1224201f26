//! The npm packages that the bundled SDKs consist of, as their lock file lists them.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::inventory::{Component, license_texts};

#[derive(Deserialize)]
struct Lock {
    packages: BTreeMap<String, Package>,
}

#[derive(Deserialize)]
struct Package {
    #[serde(default)]
    version: String,
    #[serde(default)]
    license: String,
    #[serde(default)]
    dev: bool,
}

/// The packages that are installed in a folder, except those for development. Empty if there is no such folder.
pub(crate) fn all(folder: &Path) -> Result<Vec<Component>> {
    let file = folder.join("package-lock.json");
    if !file.is_file() {
        return Ok(Vec::new());
    }
    let advice = || format!("Cannot read {}.", file.display());
    let lock = fs::read_to_string(&file).with_context(advice)?;
    let lock: Lock = serde_json::from_str(&lock).with_context(advice)?;
    let installed = lock
        .packages
        .into_iter()
        .filter(|(path, package)| !package.dev && !path.is_empty() && folder.join(path).is_dir());
    installed
        .map(|(path, package)| {
            let name = name(&path);
            Ok(Component {
                url: format!("pkg:npm/{}@{}", name.replace('@', "%40"), package.version),
                name: name.to_owned(),
                version: package.version,
                license: package.license,
                texts: license_texts(&folder.join(&path))?,
                hash: None,
            })
        })
        .collect()
}

/// The name of the package in a folder.
fn name(path: &str) -> &str {
    path.rsplit_once("node_modules/")
        .map_or(path, |(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nested_package_has_its_own_name() {
        assert_eq!(name("node_modules/a/node_modules/@b/c"), "@b/c");
    }
}
