//! Builds the frontend: compiles it and runs wasm-bindgen. For deployment, it is compiled for size, once with every
//! island and once with those of the login's pages, and optimized if `wasm-opt` is installed.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::manifest::Frontend;
use super::{Profile, bundler, short_hash};
use crate::{process, repo};

/// The package, and the name of the bundle of every island.
pub(super) const ALL: &str = "frontend";
/// The name of the bundle of the login's islands.
pub(super) const LOGIN: &str = "login";

/// The features that current browsers support. With `--all-features`, wasm-opt would use some that they
/// reject.
const WASM_OPT_FLAGS: [&str; 7] = [
    "-Oz",
    "--enable-bulk-memory",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
];

/// Writes scripts and wasm. Quickly, there is only the bundle of every island.
pub(super) fn build(pkg: &Path, profile: Profile) -> Result<Frontend> {
    match profile {
        Profile::Dev => Ok(Frontend {
            all: write(ALL, &compile()?, pkg, profile)?,
            login: None,
        }),
        // Cargo gives both the same file, so that each is taken before the next one is compiled.
        Profile::Release => Ok(Frontend {
            all: write(ALL, &compile_small(&[])?, pkg, profile)?,
            login: Some(write(
                LOGIN,
                &compile_small(&["--no-default-features"])?,
                pkg,
                profile,
            )?),
        }),
    }
}

/// Writes a bundle's script and wasm; returns the script's name without the extension.
fn write(bundle: &str, wasm: &Path, pkg: &Path, profile: Profile) -> Result<String> {
    let optimizer = match profile {
        Profile::Dev => None,
        Profile::Release => find_optimizer(),
    };
    let work = repo::target()?.join("xtask");
    repo::create_folder(&work)?;
    let stamp = work.join(format!("{bundle}.stamp"));
    let inputs = fingerprint(wasm, optimizer.as_deref())?;
    if let Some(name) = unchanged(&stamp, &inputs, pkg) {
        return Ok(name);
    }
    let (script, binary) = bind(bundle, wasm, &work, optimizer.as_deref())?;
    if profile == Profile::Release {
        ensure_anonymous(&binary, &own_folders())?;
    }
    let name = format!("{bundle}.{}", short_hash([script.as_bytes(), &binary]));
    // The script's default path of its wasm must be right for callers that pass none.
    let script = script.replace(&format!("{bundle}_bg.wasm"), &format!("{name}_bg.wasm"));
    repo::write(&pkg.join(format!("{name}.js")), script.as_bytes())?;
    repo::write(&pkg.join(format!("{name}_bg.wasm")), &binary)?;
    repo::write(&stamp, format!("{inputs} {name}"))?;
    Ok(name)
}

/// Compiles the wasm in the least time.
fn compile() -> Result<PathBuf> {
    let mut cargo = repo::cargo();
    cargo.args(["build", "-p", ALL, "--lib", "--target", repo::WASM_TARGET]);
    run(cargo)
}

/// Compiles the smallest wasm, with the dev profile changed by environment variables and flags.
///
/// With a custom profile, Cargo would build every proc macro and build script a second time, in another
/// folder. Setting `lto` or the checks in the profile would do the same, since they also apply to them. As flags for
/// the target they do not, so that Cargo reuses what the server's build compiled.
fn compile_small(features: &[&str]) -> Result<PathBuf> {
    let mut cargo = repo::cargo();
    cargo
        .args([
            "rustc",
            "-p",
            ALL,
            "--lib",
            "--crate-type",
            "cdylib",
            "--target",
            repo::WASM_TARGET,
        ])
        .args(features)
        .args(["--", "-Clto=fat"])
        .env("CARGO_PROFILE_DEV_OPT_LEVEL", "z")
        .env("CARGO_PROFILE_DEV_CODEGEN_UNITS", "1")
        .env("CARGO_PROFILE_DEV_DEBUG", "false")
        .env("CARGO_INCREMENTAL", "0")
        .env("CARGO_ENCODED_RUSTFLAGS", flags());
    run(cargo)
}

/// Rust's flags, separated as Cargo wants them. Panics name source files: not with the folders of who built them.
/// Without the dev profile's checks, since Leptos explains them with messages and places in its source.
fn flags() -> OsString {
    let mut flags =
        OsString::from("-Cembed-bitcode=yes\u{1f}-Cdebug-assertions=no\u{1f}-Coverflow-checks=no");
    for (folder, name) in own_folders() {
        flags.push("\u{1f}--remap-path-prefix=");
        flags.push(folder);
        flags.push("=");
        flags.push(name);
    }
    flags
}

/// The folders of who builds, and what the wasm calls them instead.
fn own_folders() -> Vec<(OsString, &'static str)> {
    let home = repo::variable("HOME").filter(|home| home != "/");
    let home = home.map(|home| (home, "home"));
    let root = (repo::root().into(), "latchkey");
    home.into_iter().chain([root]).collect()
}

/// Fails if a wasm that everyone may download names one of these folders.
fn ensure_anonymous(wasm: &[u8], folders: &[(OsString, &'static str)]) -> Result<()> {
    for (folder, _) in folders {
        let path = [folder.as_encoded_bytes(), b"/"].concat();
        if wasm.windows(path.len()).any(|part| part == path) {
            bail!(
                "The wasm names {}, a folder of this machine; see `flags` in xtask/src/assets/wasm.rs.",
                folder.display()
            );
        }
    }
    Ok(())
}

fn run(cargo: Command) -> Result<PathBuf> {
    process::run(
        cargo,
        "The frontend did not build; the compiler's message above says why.",
    )?;
    Ok(repo::target()?
        .join(repo::WASM_TARGET)
        .join("debug")
        .join(format!("{ALL}.wasm")))
}

fn find_optimizer() -> Option<PathBuf> {
    let folders = [repo::end2end(), repo::root()];
    let paths = folders.map(|folder| folder.join("node_modules/.bin/wasm-opt"));
    paths.into_iter().find(|path| path.is_file())
}

/// A hash of everything the result depends on: the wasm, the optimizer's version and its flags.
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

/// The script and its wasm, from wasm-bindgen and the optimizer.
fn bind(
    bundle: &str,
    wasm: &Path,
    work: &Path,
    optimizer: Option<&Path>,
) -> Result<(String, Vec<u8>)> {
    bundler::bind(wasm, bundle, work)?;
    let binary = work.join(format!("{bundle}_bg.wasm"));
    if let Some(optimizer) = optimizer {
        optimize(optimizer, &binary, &work.join("optimized.wasm"));
    }
    let script = repo::read(&work.join(format!("{bundle}.js")))?;
    Ok((
        String::from_utf8_lossy(&script).into_owned(),
        repo::read(&binary)?,
    ))
}

/// Makes the wasm smaller. If this fails, the larger wasm is used.
fn optimize(optimizer: &Path, binary: &Path, smaller: &Path) {
    let mut command = Command::new(optimizer);
    command
        .args(WASM_OPT_FLAGS)
        .arg(binary)
        .arg("-o")
        .arg(smaller);
    if process::run(command, "").is_err() || fs::rename(smaller, binary).is_err() {
        println!("  wasm-opt failed; using the larger wasm.");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wasm_that_names_a_folder_of_who_built_it_is_rejected() {
        let folders = [
            ("/home/ada".into(), "home"),
            ("/src/app".into(), "latchkey"),
        ];
        for (wasm, passes) in [
            (
                "\0asm home/.cargo/registry/src/a.rs latchkey/app/src/b.rs",
                true,
            ),
            ("\0asm /home/adam/a.rs", true),
            ("\0asm /home/ada/.cargo/registry/src/a.rs", false),
            ("\0asm panicked at /src/app/app/src/b.rs", false),
        ] {
            let checked = ensure_anonymous(wasm.as_bytes(), &folders);
            assert_eq!(checked.is_ok(), passes, "{wasm}");
        }
    }
}
