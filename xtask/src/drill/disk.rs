//! A disk that takes no more: a small one that fills up, in memory, which only root can mount, and one on which every
//! write fails.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use super::Report;
use super::stage::{Client, Stage, until};
use super::writes::{USERS, Writes, check_mails};
use crate::process;

/// A mounted disk, unmounted when this is dropped.
struct Disk(PathBuf);

impl Disk {
    fn mount(folder: PathBuf) -> Result<Self> {
        fs::create_dir_all(&folder)?;
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=16m", "tmpfs"])
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

/// Writes say later while there is no space or every write fails, pages go on, and within a second all is well again.
pub(super) fn run(stage: &mut Stage) -> Result<Report> {
    let disk = Disk::mount(stage.file().with_file_name("disk"))?;
    let (database, filler) = (disk.0.join("demo.db"), disk.0.join("filler"));
    let log = stage.file().with_file_name("server.log");
    stage.set("DATABASE_URL", &format!("sqlite://{}", database.display()));
    stage.log_to(&log.display().to_string());
    stage.start()?;
    let (client, server) = (stage.client(), stage.server_id()?);
    let mut writes = Writes::new(client, USERS[0], 0);
    writes.turns_with_mails = usize::MAX;
    let mut report = Report::default();
    for _ in 0..9 {
        let space = || Ok(fs::remove_file(&filler)?);
        fail_for_a_while(client, &mut writes, &mut report, || fill(&filler), space)?;
        let (refuse, accept) = (|| limit(server, "0"), || limit(server, "unlimited"));
        fail_for_a_while(client, &mut writes, &mut report, refuse, accept)?;
    }
    check_mails(client, writes.mails, &mut report);
    stage.stop();
    Ok(report)
}

fn fail_for_a_while(
    client: Client,
    writes: &mut Writes,
    report: &mut Report,
    fail: impl FnOnce() -> Result<()>,
    work: impl FnOnce() -> Result<()>,
) -> Result<()> {
    report.tries += 1;
    until("a sign-in before", || writes.begin())?;
    fail()?;
    // What fits into the log that is there already may still be written.
    until("a write that fails", || match client.sign_in() {
        Some(cookie) => {
            writes.sessions.signed_in.push(cookie);
            false
        }
        None => true,
    })?;
    writes.turn();
    report.expect(client.readiness() == 503, "it is ready and cannot write");
    let page = client.status("GET /login", "", "");
    report.expect(page == 200, "a page failed since nothing can be written");
    work()?;
    let took = until("a sign-in afterwards", || client.sign_in().is_some())?;
    report.expect(
        took < Duration::from_secs(1),
        format!("it took {took:?} to recover"),
    );
    report.expect(client.readiness() == 200, "it is not ready afterwards");
    writes.check(report);
    Ok(())
}

/// Limits the size of the files that a process may write: with 0, every write fails with EFBIG.
fn limit(process: u32, size: &str) -> Result<()> {
    let mut prlimit = Command::new("prlimit");
    prlimit.args(["--pid", &process.to_string(), &format!("--fsize={size}:")]);
    process::run_quietly(prlimit, "prlimit did not limit the server's files.")
}

/// Writes until there is no space left.
fn fill(file: &Path) -> Result<()> {
    let mut file = fs::File::create(file)?;
    for size in [4096, 1] {
        while file.write_all(&vec![0; size]).is_ok() {}
    }
    Ok(())
}
