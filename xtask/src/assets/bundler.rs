//! Runs the workspace's bundler, which is built only when there is something for it to do.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;

use crate::{process, repo};

/// Runs wasm-bindgen: writes `NAME.js` and `NAME_bg.wasm` to `folder`.
pub(super) fn bind(wasm: &Path, name: &str, folder: &Path) -> Result<()> {
    let arguments = [
        OsStr::new("bind"),
        wasm.as_ref(),
        name.as_ref(),
        folder.as_ref(),
    ];
    call(&arguments)
}

/// Writes the compressed copies of every file in these folders that has none.
pub(super) fn compress(folders: &[&Path]) -> Result<()> {
    let mut files = Vec::new();
    for folder in folders {
        files.extend(repo::entries(folder)?.into_iter().filter(|file| {
            is_compressible(file) && !siblings(file).iter().all(|file| file.is_file())
        }));
    }
    if files.is_empty() {
        return Ok(());
    }
    let mut arguments = vec![OsStr::new("compress")];
    arguments.extend(files.iter().map(|file| file.as_os_str()));
    call(&arguments)
}

/// The paths of a file's brotli and gzip copies.
pub(super) fn siblings(file: &Path) -> [PathBuf; 2] {
    ["br", "gz"].map(|extension| {
        let mut name = file.as_os_str().to_owned();
        name.push(".");
        name.push(extension);
        name.into()
    })
}

/// Whether a file is a compressed copy.
pub(super) fn is_compressed(file: &Path) -> bool {
    file.extension()
        .is_some_and(|extension| extension == "br" || extension == "gz")
}

/// Whether to compress a file. Not one that changes without changing its name, since a copy would be out of
/// date.
fn is_compressible(file: &Path) -> bool {
    let extension = file.extension().and_then(|extension| extension.to_str());
    file.is_file() && matches!(extension, Some("css" | "js" | "wasm"))
}

fn call(arguments: &[&OsStr]) -> Result<()> {
    let mut cargo = repo::cargo();
    cargo.args(["build", "-p", "bundler"]);
    process::run(
        cargo,
        "The bundler did not build; the compiler's message above says why.",
    )?;
    let mut bundler = Command::new(repo::binaries()?.join("bundler"));
    bundler.args(arguments);
    process::run(bundler, "The bundler failed; its message above says why.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compressed_copies_are_recognized() {
        let script = Path::new("pkg/a.js");
        assert!(!is_compressed(script));
        assert_eq!(
            siblings(script),
            [PathBuf::from("pkg/a.js.br"), "pkg/a.js.gz".into()]
        );
        assert!(siblings(script).iter().all(|file| is_compressed(file)));
    }
}
