//! Collects the `demo.env` files of the vendors' folders, so that no vendor is named here.

#![expect(
    clippy::expect_used,
    clippy::disallowed_methods,
    reason = "a build script reads Cargo's variables, and reports by panicking"
)]

use std::{env, fs, path::Path};

fn main() {
    let output = env::var_os("OUT_DIR").expect("Cargo sets OUT_DIR");
    for (name, folder) in [
        ("server.env", "../server/src/vendors"),
        ("sandbox.env", "../sandbox/src"),
    ] {
        println!("cargo::rerun-if-changed={folder}");
        let lines = collected(Path::new(folder));
        fs::write(Path::new(&output).join(name), lines).expect("OUT_DIR is writable");
    }
}

/// The lines of the `demo.env` files in the subfolders, in the order of the folders' names.
fn collected(folder: &Path) -> String {
    let entries = fs::read_dir(folder).expect("the folder is readable");
    let mut files: Vec<_> = entries
        .map(|entry| {
            entry
                .expect("the folder is readable")
                .path()
                .join("demo.env")
        })
        .filter(|file| file.is_file())
        .collect();
    files.sort();
    let texts = files
        .iter()
        .map(|file| fs::read_to_string(file).expect("demo.env is UTF-8"));
    texts.collect()
}
