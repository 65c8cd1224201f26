//! `bundler WASM NAME FOLDER` runs wasm-bindgen: it writes `NAME.js` and `NAME_bg.wasm` into the folder. A program of
//! its own, so that `xtask` compiles in seconds.

use std::path::Path;

use anyhow::{Context, Result, bail};
use wasm_bindgen_cli_support::Bindgen;

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        [wasm, name, folder] => bind(Path::new(wasm), name, Path::new(folder)),
        _ => bail!("Usage: bundler WASM NAME FOLDER"),
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
