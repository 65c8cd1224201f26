//! `cargo xtask test providers`: signs users in through OpenID providers of other makes.
//!
//! Each folder in `end2end/providers` is one provider: the program that starts it, and the list of its packages.
//! It is copied into the target folder, where the packages are installed beside the program, and files that several
//! providers share beside their folders.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

use crate::browsers::{self, Tools};
use crate::steps::{headline, with_table};
use crate::{assets, repo, tools};

/// Installs and tests every provider, or the named ones.
pub(crate) fn try_out(names: &[String]) -> Result<()> {
    let all = all()?;
    if let Some(unknown) = names.iter().find(|name| !all.contains(name)) {
        bail!(
            "There is no provider {unknown}; the providers are: {}.",
            all.join(", ")
        );
    }
    let chosen = if names.is_empty() { &all } else { names };
    with_table(|| {
        let tools = headline("Browser and providers", || install(chosen))?;
        let site = assets::build_all()?;
        browsers::run(&site, &tools, &arguments(names))
    })
}

/// The names of all providers, which are those of their folders.
fn all() -> Result<Vec<String>> {
    let folders = repo::entries(&sources())?;
    let folders = folders.iter().filter(|path| path.is_dir());
    let names = folders.filter_map(|folder| folder.file_name());
    Ok(names
        .map(|name| name.to_string_lossy().into_owned())
        .collect())
}

fn sources() -> PathBuf {
    repo::end2end().join("providers")
}

fn install(names: &[String]) -> Result<Tools> {
    tools::ensure_node()?;
    tools::ensure_packages(&repo::end2end(), "the browser tests")?;
    let chromium = tools::ensure_chromium()?;
    let installed = repo::target()?.join("providers");
    copy(&sources(), &installed)?;
    for name in names {
        let folder = installed.join(name);
        copy(&sources().join(name), &folder)?;
        install_packages(name, &folder)?;
    }
    Ok(Tools {
        chromium,
        providers: Some(installed),
        ..Tools::default()
    })
}

/// Copies the files of a folder, without rewriting unchanged ones, whose packages would be installed again.
fn copy(from: &Path, to: &Path) -> Result<()> {
    repo::create_folder(to)?;
    for file in repo::entries(from)?.iter().filter(|path| path.is_file()) {
        let copy = to.join(file.file_name().unwrap_or_default());
        let content = repo::read(file)?;
        if !fs::read(&copy).is_ok_and(|there| there == content) {
            repo::write(&copy, content)?;
        }
    }
    Ok(())
}

fn install_packages(name: &str, folder: &Path) -> Result<()> {
    let packages = folder.join("debian.txt");
    if packages.is_file() {
        return tools::ensure_debian_packages(&packages, name);
    }
    let requirements = folder.join("requirements.txt");
    if !requirements.is_file() {
        return tools::ensure_packages(folder, name);
    }
    if !tools::ensure_python_packages(&requirements, &folder.join("packages"), name)? {
        bail!("The provider {name} needs Python 3 with pip; install both.");
    }
    Ok(())
}

/// Playwright's arguments that select the tests of the named providers. Each test's title begins with a name.
fn arguments(names: &[String]) -> Vec<String> {
    if names.is_empty() {
        return Vec::new();
    }
    vec!["--grep".to_owned(), format!(r"\b({}): ", names.join("|"))]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_provider_has_a_program_and_pins_its_packages() {
        for name in all().unwrap() {
            let has = |file: &str| sources().join(&name).join(file).is_file();
            let node = has("serve.mjs") && has("package.json") && has("package-lock.json");
            let python = has("serve.py") && has("requirements.txt");
            let debian = has("serve.py") && has("debian.txt");
            assert_eq!(
                [node, python, debian].map(u8::from).iter().sum::<u8>(),
                1,
                "{name}"
            );
        }
    }

    #[test]
    fn tests_are_selected_by_the_names_that_their_titles_begin_with() {
        assert!(arguments(&[]).is_empty());
        let names = ["authlib".to_owned(), "pyop".to_owned()];
        assert_eq!(arguments(&names), ["--grep", r"\b(authlib|pyop): "]);
    }
}
