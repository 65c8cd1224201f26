//! Strips comments and indentation from `latchkey.js`.

#![expect(
    clippy::expect_used,
    clippy::disallowed_methods,
    reason = "a build script reads Cargo's variables, and reports by panicking"
)]

use std::{fs, path::Path};

const SCRIPT: &str = "src/web/handoff/latchkey.js";

fn main() {
    println!("cargo::rerun-if-changed={SCRIPT}");
    let source = fs::read_to_string(SCRIPT).expect("latchkey.js is readable");
    let folder = std::env::var_os("OUT_DIR").expect("Cargo sets OUT_DIR");
    fs::write(Path::new(&folder).join("latchkey.js"), lean(&source)).expect("OUT_DIR is writable");
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
