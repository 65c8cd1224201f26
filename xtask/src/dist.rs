//! `cargo xtask dist`: the archive from which the product is deployed.
//!
//! Two checkouts of a commit, wherever they are, give the same bytes; `cargo xtask test dist` tries it.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::steps::{headline, timed};
use crate::{anonymous, assets, process, repo, tools};

/// The target without an option.
pub(crate) const TARGET: &str = "x86_64-unknown-linux-musl";

const VERSION: &str = env!("CARGO_PKG_VERSION");

const PROGRAMS: [&str; 2] = ["latchkey", "latchkey-sandbox"];

/// The maximum size of the archive in bytes.
const MAX_SIZE: u64 = 40 * 1024 * 1024;

/// Files of the workspace, and where they are in the archive.
const FILES: [(&str, &str); 3] = [
    (".env.example", "latchkey.env"),
    ("LICENSE", "LICENSE"),
    ("deploy", ""),
];

/// The commit that is built.
struct Commit {
    id: String,
    /// When it was made, in seconds.
    time: String,
    /// The same as a date.
    date: String,
    /// Whether the files are not those of the commit.
    changed: bool,
}

/// The archive, and the folder that is in it.
pub(crate) struct Built {
    pub(crate) archive: PathBuf,
    pub(crate) folder: PathBuf,
}

/// Writes the archive, prints its path and size, and fails if it is too large.
pub(crate) fn run(target: &str) -> Result<()> {
    process::listen_for_stop()?;
    let archive = build(target)?.archive;
    let size = fs::metadata(&archive).map_or(0, |data| data.len());
    println!("\n  {}  {} KiB", archive.display(), size >> 10);
    if size > MAX_SIZE {
        bail!(
            "The archive is larger than {} MiB; see what was added.",
            MAX_SIZE >> 20
        );
    }
    Ok(())
}

/// Builds everything and writes the archive.
pub(crate) fn build(target: &str) -> Result<Built> {
    let name = name(target)?;
    let commit = Commit::current()?;
    headline("Tools", || {
        tools::ensure_node()?;
        tools::ensure_packages(&repo::end2end(), "wasm-opt")?;
        tools::ensure_rust_target(target)
    })?;
    let dist = repo::target()?.join("dist");
    let site = assets::build_complete(dist.join("site"))?;
    timed("Server and sandbox", || {
        build_programs(target, &site, &commit)
    })?;
    let folder = dist.join(&name);
    let archive = dist.join(format!("{name}.tar.gz"));
    headline("Archive", || {
        collect(&folder, target)?;
        let version = commit.version();
        assets::run_program(
            "packer",
            &[
                "list".as_ref(),
                folder.as_os_str(),
                target.as_ref(),
                version.as_ref(),
            ],
        )?;
        assets::run_program(
            "packer",
            &[
                "pack".as_ref(),
                folder.as_os_str(),
                archive.as_os_str(),
                commit.time.as_ref(),
            ],
        )
    })?;
    Ok(Built { archive, folder })
}

/// The name of the archive's folder.
fn name(target: &str) -> Result<String> {
    match target.split_once('-') {
        Some((processor, "unknown-linux-musl")) => {
            Ok(format!("latchkey-{VERSION}-{processor}-linux"))
        }
        _ => bail!("{target} is no target for static programs, such as {TARGET}."),
    }
}

/// Builds both programs with the browser's files inside.
fn build_programs(target: &str, site: &Path, commit: &Commit) -> Result<()> {
    let compiler = tools::ensure_musl_compiler(target)?;
    let variable = target.replace('-', "_");
    let mut cargo = repo::cargo();
    cargo
        .args(["build", "--locked", "--profile", "dist", "--bins"])
        .args(["-p", "server", "-p", "sandbox", "--target", target])
        .env("DIST_SITE", site)
        .env("DIST_VERSION", commit.version())
        .env(
            "CARGO_ENCODED_RUSTFLAGS",
            anonymous::flags("--remap-path-prefix", "\u{1f}"),
        )
        .env(
            format!("CFLAGS_{variable}"),
            anonymous::flags("-ffile-prefix-map", " "),
        );
    if !target.starts_with(std::env::consts::ARCH) {
        cargo.env(format!("CC_{variable}"), &compiler);
        let variable = variable.to_ascii_uppercase();
        cargo.env(format!("CARGO_TARGET_{variable}_LINKER"), compiler);
    }
    process::run(
        cargo,
        "The programs did not build; the compiler's message above says why.",
    )
}

/// Fills the archive's folder.
fn collect(folder: &Path, target: &str) -> Result<()> {
    if folder.is_dir() {
        fs::remove_dir_all(folder).with_context(|| {
            format!("Cannot empty {}; check its permissions.", folder.display())
        })?;
    }
    repo::create_folder(folder)?;
    let built = repo::target()?.join(target).join("dist");
    for program in PROGRAMS {
        copy(&built.join(program), &folder.join(program))?;
    }
    for (from, to) in FILES {
        copy(&repo::root().join(from), &folder.join(to))?;
    }
    Ok(())
}

/// Copies a file with its permissions, or what is in a folder.
fn copy(from: &Path, to: &Path) -> Result<()> {
    if from.is_dir() {
        repo::create_folder(to)?;
        for path in repo::entries(from)? {
            copy(&path, &to.join(path.file_name().unwrap_or_default()))?;
        }
        return Ok(());
    }
    fs::copy(from, to).with_context(|| {
        format!(
            "Cannot copy {} to {}; check that it is there.",
            from.display(),
            to.display()
        )
    })?;
    Ok(())
}

/// Builds the archive of the current commit in two new clones, in folders of different names, and compares the bytes.
pub(crate) fn compare() -> Result<()> {
    let root = repo::target()?.join("xtask/twice");
    let [first, second] = ["a", "another/folder"].map(|name| built_in(&root.join(name)));
    let (first, second) = (repo::read(&first?)?, repo::read(&second?)?);
    if first != second {
        bail!(
            "The archives differ; unpack both below {} and compare.",
            root.display()
        );
    }
    println!("Both archives are the same {} bytes.", first.len());
    Ok(())
}

/// The archive of a clone in this folder.
fn built_in(folder: &Path) -> Result<PathBuf> {
    if folder.is_dir() {
        fs::remove_dir_all(folder).with_context(|| {
            format!("Cannot empty {}; check its permissions.", folder.display())
        })?;
    }
    let mut clone = Command::new("git");
    clone
        .args(["clone", "--quiet"])
        .arg(repo::root())
        .arg(folder);
    process::run(clone, "git cannot clone this repository.")?;
    let mut dist = repo::cargo();
    dist.args(["xtask", "dist"])
        .current_dir(folder)
        .env("CARGO_TARGET_DIR", folder.join("target"));
    process::run(dist, "The archive of a clone was not built; see above.")?;
    Ok(folder.join(format!("target/dist/{}.tar.gz", name(TARGET)?)))
}

impl Commit {
    fn current() -> Result<Self> {
        let facts = git(&[
            "show",
            "--no-patch",
            "--format=%h %ct %cs",
            "--abbrev=12",
            "HEAD",
        ])?;
        let [id, time, date] = facts.split_whitespace().collect::<Vec<_>>()[..] else {
            bail!("git does not know the current commit.");
        };
        Ok(Self {
            id: id.to_owned(),
            time: time.to_owned(),
            date: date.to_owned(),
            changed: !git(&["status", "--porcelain", "--untracked-files=no"])?.is_empty(),
        })
    }

    /// What `latchkey --version` prints after the name.
    fn version(&self) -> String {
        let changed = if self.changed { ", changed" } else { "" };
        format!("{VERSION} ({} of {}{changed})", self.id, self.date)
    }
}

fn git(arguments: &[impl AsRef<OsStr>]) -> Result<String> {
    let mut git = Command::new("git");
    git.args(arguments).current_dir(repo::root());
    tools::output(&mut git).context(
        "git cannot tell which commit this is; build the archive in a clone of the repository.",
    )
}
