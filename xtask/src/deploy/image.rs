//! The image, built and run by buildah.

use std::ffi::OsStr;
use std::path::Path;
use std::process::Command;

use anyhow::{Result, bail};

use crate::process;
use crate::steps::headline;
use crate::tools;

const TAG: &str = "latchkey-test";

/// The settings of a server that needs nothing else.
const SETTINGS: [&str; 4] = [
    "LATCHKEY_ENV=demo",
    "LATCHKEY_LOGIN_ORIGIN=http://login.latchkey.localhost:3000",
    "LATCHKEY_SITE_ORIGIN=http://www.latchkey.localhost:3000",
    "LATCHKEY_COOKIE_DOMAIN=latchkey.localhost",
];

pub(super) fn check(folder: &Path) -> Result<()> {
    if !tools::is_installed("buildah") {
        println!("• buildah is not installed: the image is not tested");
        return Ok(());
    }
    headline("Image", || build_and_run(folder))
}

fn build_and_run(folder: &Path) -> Result<()> {
    let file = folder.join("container/Containerfile");
    let words = [
        "bud",
        "--quiet",
        "--isolation",
        "chroot",
        "--format",
        "docker",
        "--tag",
        TAG,
        "--file",
    ];
    let mut build = buildah(&words);
    build.arg(file).arg(folder);
    process::run_quietly(
        build,
        "buildah did not build the image; its message above says why.",
    )?;
    let container = tools::output(&mut buildah(&["from", TAG]))?;
    let container = container.trim();
    let outcome = ask(container);
    process::run_quietly(
        buildah(&["rm", container]),
        "buildah did not delete the container.",
    )?;
    outcome
}

/// Asks a server in the container by the command that checks its health.
fn ask(container: &str) -> Result<()> {
    let run = |words: &[&str]| {
        let mut run = buildah(&["run", "--isolation", "chroot", "--user", "65532:65532"]);
        run.args(SETTINGS.map(|setting| format!("--env={setting}")));
        run.arg(container).arg("--").args(words);
        run
    };
    let version = tools::output(&mut run(&["/latchkey", "--version"]))?;
    println!("  {}", version.trim());
    let mut server = process::Service::start("server", run(&["/latchkey", "serve"]))?;
    for _ in 0..200 {
        server.check()?;
        if tools::output(&mut run(&["/latchkey", "health"])).is_ok() {
            return Ok(());
        }
        process::pause();
    }
    bail!("The server in the container does not become ready.")
}

fn buildah(words: &[impl AsRef<OsStr>]) -> Command {
    let mut command = Command::new("buildah");
    command.args(["--storage-driver", "vfs"]).args(words);
    command
}
