//! A small disk that fills up: a file system in memory, which only root can mount.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use super::Report;
use super::stage::{Stage, until};

/// A mounted disk, unmounted when this is dropped.
struct Disk(PathBuf);

impl Disk {
    fn mount(folder: PathBuf) -> Result<Self> {
        fs::create_dir_all(&folder)?;
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=4m", "tmpfs"])
            .arg(&folder)
            .status()
            .context("Cannot start mount.")?;
        if !mounted.success() {
            bail!("Cannot mount a small disk; run this drill as root.");
        }
        Ok(Self(folder))
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

/// Sign-ins say later while the disk is full, pages go on, and within a second of space all is well.
pub(super) fn run(stage: &mut Stage) -> Result<Report> {
    let disk = Disk::mount(stage.file().with_file_name("disk"))?;
    let database = disk.0.join("demo.db");
    stage.set("DATABASE_URL", &format!("sqlite://{}", database.display()));
    stage.start()?;
    let client = stage.client();
    let mut report = Report::default();
    for _ in 0..9 {
        report.tries += 1;
        let filler = disk.0.join("filler");
        fill(&filler)?;
        // What fits into the log that is there already may still be written.
        until("a write that finds no space", || client.sign_in().is_none())?;
        report.expect(client.readiness() == 503, "it is ready with a full disk");
        let page = client.status("GET /login", "", "");
        report.expect(page == 200, "a page failed for the full disk");
        fs::remove_file(&filler)?;
        let took = until("a sign-in after space is back", || {
            client.sign_in().is_some()
        })?;
        report.expect(
            took < Duration::from_secs(1),
            format!("it took {took:?} to recover"),
        );
        report.expect(
            client.readiness() == 200,
            "it is not ready after space is back",
        );
    }
    stage.stop();
    Ok(report)
}

/// Writes until there is no space left.
fn fill(file: &Path) -> Result<()> {
    let mut file = fs::File::create(file)?;
    for size in [4096, 1] {
        while file.write_all(&vec![0; size]).is_ok() {}
    }
    Ok(())
}
