//! The frontend: built for size, given its JavaScript, optimized where `wasm-opt` is installed.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use super::{bundler, short_hash};
use crate::{process, repo};

const NAME: &str = "frontend";

/// Everything that current browsers know. `--all-features` would write what they refuse.
const WASM_OPT_FLAGS: [&str; 7] = [
    "-Oz",
    "--enable-bulk-memory",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
];

/// Writes script and wasm; the result is the script's name without the extension.
pub(super) fn build(pkg: &Path) -> Result<String> {
    let wasm = compile()?;
    let optimizer = find_optimizer();
    let work = repo::target()?.join("xtask");
    repo::create_folder(&work)?;
    let stamp = work.join("frontend.stamp");
    let inputs = fingerprint(&wasm, optimizer.as_deref())?;
    if let Some(name) = unchanged(&stamp, &inputs, pkg) {
        return Ok(name);
    }
    let (script, binary) = bind(&wasm, &work, optimizer.as_deref())?;
    let name = format!("{NAME}.{}", short_hash([script.as_bytes(), &binary]));
    // The script's own idea of where its wasm is must hold for callers that pass no path.
    let script = script.replace(&format!("{NAME}_bg.wasm"), &format!("{name}_bg.wasm"));
    repo::write(&pkg.join(format!("{name}.js")), script.as_bytes())?;
    repo::write(&pkg.join(format!("{name}_bg.wasm")), &binary)?;
    repo::write(&stamp, format!("{inputs} {name}"))?;
    Ok(name)
}

/// Compiles with the dev profile changed for the wasm alone.
///
/// A profile of its own would put every proc macro and build script into a second folder; so would
/// `lto` as a profile setting, which Cargo counts for them too. Given as flags for the target it
/// leaves them as the server's build made them.
fn compile() -> Result<PathBuf> {
    let mut cargo = repo::cargo();
    cargo
        .args([
            "rustc",
            "-p",
            NAME,
            "--lib",
            "--crate-type",
            "cdylib",
            "--target",
            repo::WASM_TARGET,
        ])
        .args(["--", "-Clto=fat"])
        .env("CARGO_PROFILE_DEV_OPT_LEVEL", "z")
        .env("CARGO_PROFILE_DEV_CODEGEN_UNITS", "1")
        .env("CARGO_PROFILE_DEV_DEBUG", "false")
        .env("CARGO_INCREMENTAL", "0")
        .env("CARGO_ENCODED_RUSTFLAGS", "-Cembed-bitcode=yes");
    process::run(
        cargo,
        "The frontend did not build; the compiler's message above says why.",
    )?;
    Ok(repo::target()?
        .join(repo::WASM_TARGET)
        .join("debug")
        .join(format!("{NAME}.wasm")))
}

fn find_optimizer() -> Option<PathBuf> {
    let folders = [repo::end2end(), repo::root()];
    let paths = folders.map(|folder| folder.join("node_modules/.bin/wasm-opt"));
    paths.into_iter().find(|path| path.is_file())
}

/// Changes whenever the outcome could: other wasm, or another optimizer.
fn fingerprint(wasm: &Path, optimizer: Option<&Path>) -> Result<String> {
    let optimizer = optimizer.map(fs::canonicalize).transpose();
    let optimizer = optimizer.context("Cannot look at wasm-opt; delete end2end/node_modules.")?;
    let version = optimizer.and_then(|path| {
        path.ancestors()
            .nth(2)
            .map(|package| package.join("package.json"))
    });
    let version = version
        .map(fs::read)
        .transpose()
        .unwrap_or_default()
        .unwrap_or_default();
    let flags = WASM_OPT_FLAGS.join(" ");
    Ok(short_hash([
        &repo::read(wasm)?,
        version.as_slice(),
        flags.as_bytes(),
    ]))
}

fn unchanged(stamp: &Path, inputs: &str, pkg: &Path) -> Option<String> {
    let text = fs::read_to_string(stamp).ok()?;
    let (known, name) = text.split_once(' ')?;
    let files = [format!("{name}.js"), format!("{name}_bg.wasm")].map(|file| pkg.join(file));
    let complete = files.iter().all(|file| file.is_file());
    (known == inputs && complete).then(|| name.to_owned())
}

/// The script and the wasm that belong together.
fn bind(wasm: &Path, work: &Path, optimizer: Option<&Path>) -> Result<(String, Vec<u8>)> {
    bundler::bind(wasm, NAME, work)?;
    let binary = work.join(format!("{NAME}_bg.wasm"));
    if let Some(optimizer) = optimizer {
        optimize(optimizer, &binary, &work.join("optimized.wasm"));
    }
    let script = repo::read(&work.join(format!("{NAME}.js")))?;
    Ok((
        String::from_utf8_lossy(&script).into_owned(),
        repo::read(&binary)?,
    ))
}

/// Makes the wasm smaller; without it everything works just as well.
fn optimize(optimizer: &Path, binary: &Path, smaller: &Path) {
    let mut command = Command::new(optimizer);
    command
        .args(WASM_OPT_FLAGS)
        .arg(binary)
        .arg("-o")
        .arg(smaller);
    if process::run(command, "").is_err() || fs::rename(smaller, binary).is_err() {
        println!("  wasm-opt failed; going on with the larger wasm.");
    }
}
