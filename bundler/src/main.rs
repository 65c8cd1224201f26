//! `bundler`: the part of building the browser's files that needs large libraries. A program of its own, so
//! that `xtask` compiles in seconds; `cargo xtask` builds and runs it only when there is something to bind or
//! to compress.
//!
//! - `bundler bind WASM NAME FOLDER` writes `NAME.js` and `NAME_bg.wasm` into the folder.
//! - `bundler compress FILE…` writes `FILE.br` and `FILE.gz`.

mod compress;

use std::path::Path;

use anyhow::{Context, Result, bail};
use wasm_bindgen_cli_support::Bindgen;

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["bind", wasm, name, folder] => bind(Path::new(wasm), name, Path::new(folder)),
        ["compress", ref files @ ..] => files
            .iter()
            .try_for_each(|file| compress::siblings(Path::new(file))),
        _ => bail!("Usage: bundler bind WASM NAME FOLDER, or bundler compress FILE…"),
    }
}

fn bind(wasm: &Path, name: &str, folder: &Path) -> Result<()> {
    let advice = "wasm-bindgen failed; its version and wasm-bindgen-cli-support's must be the same in Cargo.toml.";
    let mut bindgen = Bindgen::new();
    bindgen.input_path(wasm).out_name(name).typescript(false);
    bindgen
        .web(true)
        .and_then(|bindgen| bindgen.generate(folder))
        .context(advice)
}
