//! A clone of a commit, with its own target and npm folders. Crates are downloaded before any time is
//! measured.

use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use demo_settings::Ports;

use super::visit::Visitor;
use crate::assets::Profile;
use crate::process::{self, Service};
use crate::repo;

/// How long to wait for a visitor to succeed; far more than the slowest machine needs.
const TIMEOUT: Duration = Duration::from_secs(3600);

/// A clone that is deleted when this is dropped.
pub(crate) struct Clone {
    folder: PathBuf,
}

impl Clone {
    pub(crate) fn new(commit: &str, name: &str) -> Result<Self> {
        let folder =
            std::env::temp_dir().join(format!("latchkey-bench-{}-{name}", std::process::id()));
        let clone = Self { folder };
        let mut git = Command::new("git");
        git.args(["clone", "--quiet", "--no-checkout"])
            .arg(repo::root())
            .arg(&clone.folder);
        process::run(
            git,
            "Git could not clone this workspace; its message above says why.",
        )?;
        let mut git = Command::new("git");
        git.args(["checkout", "--quiet", "--detach", commit])
            .current_dir(&clone.folder);
        process::run(
            git,
            &format!("Git does not know the commit {commit}; fetch it, or name another one."),
        )?;
        let mut fetch = clone.cargo();
        fetch.args(["fetch", "--quiet", "--locked"]);
        process::run(
            fetch,
            "Cargo could not download the crates; its message above says why.",
        )?;
        Ok(clone)
    }

    /// `cargo` in the clone, with the clone's own target folder and npm cache.
    fn cargo(&self) -> Command {
        let mut cargo = repo::cargo();
        cargo
            .current_dir(&self.folder)
            .env("CARGO_TARGET_DIR", self.folder.join("target"))
            .env("npm_config_cache", self.folder.join("npm-cache"));
        cargo
    }

    /// Builds the server; returns its program, which is deleted with the clone.
    pub(crate) fn build_server(&self, profile: Profile) -> Result<PathBuf> {
        let mut cargo = self.cargo();
        cargo.args(["build", "--quiet", "--locked", "-p", "server"]);
        let folder = match profile {
            Profile::Dev => "target/debug",
            Profile::Release => {
                cargo.arg("--release");
                "target/release"
            }
        };
        process::run(
            cargo,
            "The server of that commit did not build; the compiler's message above says why.",
        )?;
        Ok(self.folder.join(folder).join("latchkey"))
    }

    /// Starts `cargo xtask COMMAND` on free ports.
    pub(super) fn start(&self, command: &str) -> Result<Run> {
        let ports = Ports::find_free()?;
        let mut cargo = self.cargo();
        cargo.args([
            "xtask",
            command,
            "--ephemeral",
            "--port",
            &ports.site.to_string(),
        ]);
        Ok(Run {
            start: Instant::now(),
            service: Service::start("clone", cargo)?,
            visitor: Visitor::new(ports.site),
        })
    }

    /// Replaces a string that occurs exactly once in a file.
    pub(super) fn edit(&self, file: &str, from: &str, to: &str) -> Result<()> {
        let path = self.folder.join(file);
        let text = String::from_utf8(repo::read(&path)?)
            .with_context(|| format!("{file} must be UTF-8."))?;
        if text.matches(from).count() != 1 {
            bail!("{file} must contain {from:?} exactly once.");
        }
        repo::write(&path, text.replace(from, to))
    }
}

impl Drop for Clone {
    fn drop(&mut self) {
        // If this fails, the system deletes it with its other temporary files.
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// A command that runs in a clone until this is dropped.
pub(super) struct Run {
    start: Instant,
    service: Service,
    pub(super) visitor: Visitor,
}

impl Run {
    /// Seconds from the start of the command until a visitor succeeds.
    pub(super) fn seconds_until(&mut self, success: impl Fn(&Visitor) -> bool) -> Result<f64> {
        self.wait(self.start, success)
    }

    /// Seconds from now until a visitor succeeds.
    pub(super) fn seconds_from_now(&mut self, success: impl Fn(&Visitor) -> bool) -> Result<f64> {
        self.wait(Instant::now(), success)
    }

    fn wait(&mut self, start: Instant, success: impl Fn(&Visitor) -> bool) -> Result<f64> {
        while !success(&self.visitor) {
            self.service.check()?;
            if process::stop_requested() {
                bail!("Stopped before the end.");
            }
            if start.elapsed() > TIMEOUT {
                bail!("It took more than an hour.");
            }
            process::pause();
        }
        Ok(start.elapsed().as_secs_f64())
    }
}

impl Drop for Run {
    fn drop(&mut self) {
        self.service.stop();
    }
}

/// The commit of this workspace. Uncommitted changes are not part of the benchmark.
pub(super) fn head() -> Result<String> {
    let output = Command::new("git")
        .args(["rev-parse", "--short=7", "HEAD"])
        .current_dir(repo::root())
        .output()
        .context("Cannot start git; is it installed?")?;
    if !output.status.success() {
        bail!("This benchmark needs a clone made by Git.");
    }
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// A readable folder name for a commit.
pub(super) fn folder_name(commit: &str, pair: u32) -> String {
    let is_plain = |character: &char| character.is_ascii_alphanumeric();
    let commit: String = commit.chars().filter(is_plain).collect();
    format!("{commit}-{pair}")
}
