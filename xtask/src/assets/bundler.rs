//! Runs the workspace's bundler and compressor, each of which is built only when there is something for it to do.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;

use crate::{process, repo};

/// Runs wasm-bindgen: writes `NAME.js` and `NAME_bg.wasm` to `folder`.
pub(super) fn bind(wasm: &Path, name: &str, folder: &Path) -> Result<()> {
    call("bundler", &[wasm.as_ref(), name.as_ref(), folder.as_ref()])
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
    let files: Vec<&OsStr> = files.iter().map(|file| file.as_os_str()).collect();
    call("compressor", &files)
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

pub(crate) fn call(name: &str, arguments: &[&OsStr]) -> Result<()> {
    let mut cargo = repo::cargo();
    cargo.args(["build", "-p", name]);
    let advice = format!("The {name} did not build; the compiler's message above says why.");
    process::run(cargo, &advice)?;
    let mut program = Command::new(repo::binaries()?.join(name));
    program.args(arguments);
    process::run(
        program,
        &format!("The {name} failed; its message above says why."),
    )
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
