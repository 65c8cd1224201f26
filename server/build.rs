//! Strips comments and indentation from the parts of `latchkey.js`, and puts the browser's files inside the program if `DIST_SITE`
//! names their folder.

#![expect(
    clippy::expect_used,
    clippy::disallowed_methods,
    reason = "a build script reads Cargo's variables, and reports by panicking"
)]

use std::{
    env,
    fmt::Write,
    fs,
    path::{Path, PathBuf},
};

const SCRIPTS: [&str; 2] = ["latchkey.js", "widget.js"];

const SITE: &str = "DIST_SITE";

fn main() {
    println!("cargo::rerun-if-env-changed={SITE}");
    for script in SCRIPTS {
        let path = Path::new("src/web/handoff").join(script);
        println!("cargo::rerun-if-changed={}", path.display());
        let source = fs::read_to_string(path).expect("the script is readable");
        write(script, &lean(&source));
    }
    let site = env::var_os(SITE).map(PathBuf::from);
    write("embedded.rs", &table(site.as_deref()));
}

fn write(name: &str, content: &str) {
    let folder = env::var_os("OUT_DIR").expect("Cargo sets OUT_DIR");
    fs::write(Path::new(&folder).join(name), content).expect("OUT_DIR is writable");
}

/// An expression: the paths below the folder, in the same order everywhere, and the files' contents.
fn table(site: Option<&Path>) -> String {
    let mut table = "&[\n".to_owned();
    for file in site.map(files).unwrap_or_default() {
        let path = site.and_then(|site| file.strip_prefix(site).ok());
        let path = path.and_then(Path::to_str).expect("names are UTF-8");
        println!("cargo::rerun-if-changed={}", file.display());
        writeln!(table, "({path:?}, include_bytes!({file:?})),").expect("a string takes all");
    }
    table + "]"
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("DIST_SITE names a folder");
    let mut paths: Vec<_> = entries
        .map(|entry| entry.expect("the folder is readable").path())
        .collect();
    paths.sort();
    let below = |path: PathBuf| {
        if path.is_dir() {
            files(&path)
        } else {
            vec![path]
        }
    };
    paths.into_iter().flat_map(below).collect()
}

/// The lines that are neither empty nor comments, without indentation.
fn lean(source: &str) -> String {
    let is_comment = |line: &str| ["//", "/*", "*"].iter().any(|mark| line.starts_with(mark));
    let lines = source.lines().map(str::trim);
    let code: Vec<&str> = lines
        .filter(|line| !line.is_empty() && !is_comment(line))
        .collect();
    code.join("\n")
}
