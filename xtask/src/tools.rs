//! Tools that the build and the tests need besides Rust. Missing ones are installed, with a line of output
//! that says so.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::SystemTime;

use anyhow::{Context, Result, bail};
use postgresql::Programs;

use crate::{process, repo};

const OLDEST_NODE: u32 = 20;

/// Names of Chromium's program, and of its headless shell's. The first is also that of Debian's package.
const CHROMIUM: [&str; 4] = [
    "chromium",
    "google-chrome",
    "google-chrome-stable",
    "chromium-browser",
];
const SHELL: [&str; 2] = ["chromium-headless-shell", "chrome-headless-shell"];

/// Chromium, and its headless shell, which needs half the time for the same pages but blocks no popups.
pub(crate) struct Chromium {
    pub(crate) full: PathBuf,
    pub(crate) shell: Option<PathBuf>,
}

/// The required version of Node.js, as messages name it.
pub(crate) const NODE: &str = "Node.js 20 or newer";

/// Adds the wasm target to this toolchain, unless it is there.
pub(crate) fn ensure_wasm_target() -> Result<()> {
    ensure_rust_target(repo::WASM_TARGET)
}

/// Adds a target to this toolchain, unless it is there.
///
/// Looks for the target's folder instead of asking rustup: a toolchain can have the target from another
/// source, and every build fails with two copies of its standard library.
pub(crate) fn ensure_rust_target(target: &str) -> Result<()> {
    let sysroot = output(Command::new("rustc").args(["--print", "sysroot"]))
        .context("Cannot ask rustc for its folder; install Rust from https://rustup.rs.")?;
    let library = Path::new(sysroot.trim())
        .join("lib/rustlib")
        .join(target)
        .join("lib");
    if library.is_dir() {
        return Ok(());
    }
    println!("• Adding the Rust target {target}");
    let advice = format!(
        "The Rust target {target} is missing and rustup cannot add it; install Rust from https://rustup.rs, \
         or your system's package of that target.",
    );
    let mut rustup = Command::new("rustup");
    rustup.args(["target", "add", target]);
    process::run(rustup, &advice)
}

/// The C compiler for a musl target, which also links where this machine has another processor. As root on Debian,
/// that of this machine is installed.
pub(crate) fn ensure_musl_compiler(target: &str) -> Result<PathBuf> {
    let processor = target.split('-').next().unwrap_or_default();
    let cross = format!("{processor}-linux-musl-gcc");
    let names: &[&str] = match processor {
        std::env::consts::ARCH => &[&cross, "musl-gcc"],
        _ => &[&cross],
    };
    let find = || names.iter().find_map(|name| on_path(Path::new(name)));
    if find().is_none() && names.len() > 1 && is_debian_root() {
        apt_install("musl-tools")?;
    }
    find().with_context(|| {
        format!(
            "The target {target} needs {} on the PATH; install it.",
            names.join(" or ")
        )
    })
}

/// Whether Node.js is installed and new enough.
pub(crate) fn has_node() -> bool {
    let version = output(Command::new("node").arg("--version"));
    let major = version.ok().and_then(|version| major_version(&version));
    major.is_some_and(|major| major >= OLDEST_NODE)
}

/// Fails if the browser tests have no Node.js.
pub(crate) fn ensure_node() -> Result<()> {
    if !has_node() {
        bail!("The browser tests need {NODE}; install it, or pass --no-browser.");
    }
    Ok(())
}

/// Installs a folder's npm packages if they are missing or older than its lock file.
///
/// Install scripts of packages are not run, since no package here needs one.
pub(crate) fn ensure_packages(folder: &Path, whose: &str) -> Result<()> {
    let lock = folder.join("package-lock.json");
    let installed = modified(&folder.join("node_modules/.package-lock.json"));
    if installed.is_some() && installed >= modified(&lock) {
        return Ok(());
    }
    println!("• Installing the npm packages of {whose}");
    let mut npm = Command::new("npm");
    npm.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"])
        .current_dir(folder);
    let advice = format!(
        "npm could not install {}; its message above says why.",
        lock.display()
    );
    process::run(npm, &advice)
}

/// PyJWT, in a folder in the target folder. `None` if there is no Python to install it with; in CI that is an
/// error, so that no test is skipped unnoticed.
pub(crate) fn ensure_pyjwt() -> Result<Option<PathBuf>> {
    let requirements = repo::end2end().join("requirements.txt");
    let folder = repo::target()?.join("xtask/python");
    if ensure_python_packages(&requirements, &folder, "the browser tests")? {
        return Ok(Some(folder));
    }
    if repo::variable("CI").is_some() {
        bail!("The browser tests need Python 3 with pip; install both.");
    }
    println!("• Python 3 with pip is not installed: our tokens are not tested with PyJWT");
    Ok(None)
}

/// Installs the Python packages of a list with hashes into a folder, if another list was installed there.
/// Returns whether there is a Python to run them with.
pub(crate) fn ensure_python_packages(
    requirements: &Path,
    folder: &Path,
    whose: &str,
) -> Result<bool> {
    let wanted = repo::read(requirements)?;
    let stamp = folder.join("requirements.txt");
    let has_python = |arguments: &[&str]| output(Command::new("python3").args(arguments)).is_ok();
    if fs::read(&stamp).is_ok_and(|known| known == wanted) && has_python(&["--version"]) {
        return Ok(true);
    }
    if !has_python(&["-m", "pip", "--version"]) {
        return Ok(false);
    }
    println!("• Installing the Python packages of {whose}");
    let mut pip = Command::new("python3");
    pip.args(["-m", "pip", "install", "--quiet", "--no-deps", "--upgrade"])
        .args(["--require-hashes", "--only-binary", ":all:"])
        .arg("--target")
        .arg(folder)
        .arg("--requirement")
        .arg(requirements)
        .env("PIP_ROOT_USER_ACTION", "ignore")
        .env("PIP_DISABLE_PIP_VERSION_CHECK", "1");
    let advice = format!(
        "pip could not install {}; its message above says why.",
        requirements.display()
    );
    process::run(pip, &advice)?;
    repo::write(&stamp, wanted)?;
    Ok(true)
}

/// Unpacks the Debian packages of a list, and what this system lacks for them, into the folder `root` beside the
/// list. Nothing is installed, so no service is started. Prints a message where there is no apt.
pub(crate) fn ensure_debian_packages(list: &Path, whose: &str) -> Result<()> {
    let wanted = repo::read(list)?;
    let folder = list.parent().unwrap_or(list);
    let (root, stamp) = (folder.join("root"), folder.join("root/debian.txt"));
    if fs::read(&stamp).is_ok_and(|known| known == wanted) {
        return Ok(());
    }
    if on_path(Path::new("apt-get")).is_none() {
        println!("• {whose} is a package of Debian, which this is not: it is not tested");
        return Ok(());
    }
    println!("• Unpacking the Debian packages of {whose}");
    let text = String::from_utf8_lossy(&wanted);
    let listed: Vec<&str> = text.lines().collect();
    let advice = "apt knows no such packages; run `apt-get update` and try again.";
    let mut plan = Command::new("apt-get");
    plan.args(["install", "--dry-run", "--no-install-recommends"])
        .args(&listed);
    let plan = output(&mut plan).context(advice)?;
    let lacking = plan
        .lines()
        .filter_map(|line| line.strip_prefix("Inst ")?.split(' ').next());
    let packages = folder.join("packages");
    repo::create_folder(&packages)?;
    let mut download = Command::new("apt-get");
    download
        .args(["download", "-qq"])
        .args(&listed)
        .args(lacking)
        .current_dir(&packages);
    process::run(download, advice)?;
    for package in repo::entries(&packages)? {
        let mut unpack = Command::new("dpkg-deb");
        unpack.arg("--extract").arg(package).arg(&root);
        process::run(
            unpack,
            "dpkg-deb could not unpack a package; its message above says why.",
        )?;
    }
    repo::write(&stamp, wanted)
}

/// The Chromium to run the tests in. `None` means the one that Playwright has downloaded.
pub(crate) fn ensure_chromium() -> Result<Option<Chromium>> {
    if let Some(full) = named("LATCHKEY_CHROMIUM")? {
        return Ok(Some(Chromium { full, shell: None }));
    }
    if is_debian_root() {
        for (package, programs) in [(CHROMIUM[0], &CHROMIUM[..]), (SHELL[0], &SHELL)] {
            if first_that_runs(programs).is_none() {
                // Not every release has both packages; what is still missing is reported below.
                let _ = apt_install(package);
            }
        }
    }
    if let Some(full) = first_that_runs(&CHROMIUM) {
        let shell = first_that_runs(&SHELL);
        return Ok(Some(Chromium { full, shell }));
    }
    println!("• Downloading Chromium with Playwright");
    let mut playwright = Command::new("npx");
    playwright
        .args(["playwright", "install", "chromium"])
        .current_dir(repo::end2end());
    process::run(
        playwright,
        "Chromium is not installed and cannot be downloaded: install it and set LATCHKEY_CHROMIUM to its path.",
    )?;
    Ok(None)
}

/// A Firefox for the tests that run in a second browser: the one that `LATCHKEY_FIREFOX` names, or Debian's.
/// Not every version's WebDriver BiDi works with Playwright.
pub(crate) fn find_firefox() -> Result<Option<PathBuf>> {
    let found = named("LATCHKEY_FIREFOX")?.or_else(|| first_that_runs(&["firefox-esr"]));
    if found.is_none() {
        println!(
            "• firefox-esr is not installed: the hand-off's truth table is not tested in Firefox"
        );
    }
    Ok(found)
}

/// PostgreSQL's programs. `None` if it is not installed; in CI that is an error, so that no test is skipped unnoticed.
pub(crate) fn ensure_postgres() -> Result<Option<Programs>> {
    if Programs::find().is_none() && is_debian_root() {
        // What is still missing is reported below.
        let _ = apt_install("postgresql");
    }
    let found = Programs::find();
    if found.is_none() && repo::variable("CI").is_some() {
        bail!("The tests need PostgreSQL; install it.");
    }
    Ok(found)
}

/// Valgrind, which counts instructions.
pub(crate) fn ensure_valgrind() -> Result<()> {
    if on_path(Path::new("valgrind")).is_none() && is_debian_root() {
        // What is still missing is reported below.
        let _ = apt_install("valgrind");
    }
    if on_path(Path::new("valgrind")).is_none() {
        bail!("Instructions are counted by Valgrind; install it.");
    }
    Ok(())
}

fn is_debian_root() -> bool {
    Path::new("/etc/debian_version").exists() && postgresql::is_root()
}

/// WebKitGTK's driver, and the display that it needs. Debian has them in `webkit2gtk-driver` and `xvfb`.
pub(crate) fn find_webkit() -> Option<PathBuf> {
    let programs = ["WebKitWebDriver", "Xvfb"].map(|name| (name, on_path(Path::new(name))));
    for (name, program) in &programs {
        if program.is_none() {
            println!("• {name} is not installed: nothing is tested in WebKit");
        }
    }
    let [(_, driver), (_, display)] = programs;
    driver.filter(|_| display.is_some())
}

/// The browser that a variable names, if it is set.
fn named(variable: &str) -> Result<Option<PathBuf>> {
    let found = repo::variable(variable).map(PathBuf::from);
    if found.as_deref().is_some_and(|program| !runs(program)) {
        bail!("{variable} does not name a browser that starts; correct it or unset it.");
    }
    Ok(found)
}

fn first_that_runs(names: &[&str]) -> Option<PathBuf> {
    names
        .iter()
        .map(PathBuf::from)
        .find(|name| runs(name))
        .and_then(|name| on_path(&name))
}

fn apt_install(package: &str) -> Result<()> {
    println!("• Installing {package} with apt");
    for arguments in [&["update"][..], &["install", "-y", package]] {
        let mut apt = Command::new("apt-get");
        apt.args(arguments).env("DEBIAN_FRONTEND", "noninteractive");
        process::run(apt, "apt could not install it.")?;
    }
    Ok(())
}

/// Whether a program runs. Its existence is not enough: on Ubuntu, programs of these names may only refer to
/// the Snap Store.
fn runs(program: &Path) -> bool {
    output(Command::new(program).arg("--version")).is_ok()
}

/// Whether a program is on the `PATH`.
pub(crate) fn is_installed(program: &str) -> bool {
    on_path(Path::new(program)).is_some()
}

fn on_path(program: &Path) -> Option<PathBuf> {
    let path = repo::variable("PATH")?;
    std::env::split_paths(&path)
        .map(|folder| folder.join(program))
        .find(|file| file.is_file())
}

/// What a command prints.
///
/// # Errors
/// If it cannot be started or fails.
pub(crate) fn output(command: &mut Command) -> Result<String> {
    let output = command
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()?;
    if !output.status.success() {
        bail!("It ended with {}.", output.status);
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

fn major_version(text: &str) -> Option<u32> {
    text.trim()
        .trim_start_matches('v')
        .split('.')
        .next()?
        .parse()
        .ok()
}

fn modified(file: &Path) -> Option<SystemTime> {
    fs::metadata(file).and_then(|data| data.modified()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_major_version_is_the_first_number() {
        assert_eq!(major_version("v20.20.2\n"), Some(20));
        assert_eq!(major_version("node"), None);
    }
}
