//! A machine with nothing: a folder that debootstrap fills, in which the demo starts.

use std::path::Path;
use std::process::Command;
use std::time::Instant;

use anyhow::{Result, bail};
use demo_settings::Ports;

use crate::http_probe::answers_ok;
use crate::process::{self, Service};
use crate::steps::headline;
use crate::{repo, tools};

pub(super) fn check(folder: &Path) -> Result<()> {
    if !postgresql::is_root() || !tools::is_installed("debootstrap") {
        println!("• debootstrap is not installed, or this is not root: no bare machine is tested");
        return Ok(());
    }
    let machine = repo::target()?.join("xtask/bare");
    headline("A bare machine", || {
        if !machine.join("etc/debian_version").is_file() {
            let mut debootstrap = Command::new("debootstrap");
            debootstrap
                .args(["--variant=minbase", "stable"])
                .arg(&machine);
            process::run_quietly(
                debootstrap,
                "debootstrap failed; its message above says why.",
            )?;
        }
        for program in ["latchkey", "latchkey-sandbox"] {
            repo::write(&machine.join(program), repo::read(&folder.join(program))?)?;
        }
        start(&machine)
    })
}

/// Starts the demo as a user of its own in an empty folder.
fn start(machine: &Path) -> Result<()> {
    let ports = Ports::find_free()?;
    let script = format!(
        "mount -t proc proc \"$0/proc\" && exec chroot \"$0\" /bin/sh -c '\
         chmod 755 /latchkey /latchkey-sandbox; rm -rf /empty; mkdir -m 777 /empty; cd /empty; \
         exec env -i setpriv --reuid=daemon --regid=daemon --clear-groups /latchkey demo --port {}'",
        ports.site
    );
    // The mount ends with the process.
    let mut command = Command::new("unshare");
    command
        .args(["--mount", "/bin/sh", "-c", &script])
        .arg(machine);
    let began = Instant::now();
    let mut demo = Service::start("demo", command)?;
    while !answers_ok(ports.site, "/health/ready") {
        demo.check()?;
        process::pause();
        if process::stop_requested() {
            bail!("Stopped before the end.");
        }
    }
    println!(
        "  the demo responds after {:.1} s",
        began.elapsed().as_secs_f32()
    );
    demo.interrupt();
    if answers_ok(ports.sandbox, "/health") {
        bail!("The sandbox goes on after Ctrl-C.");
    }
    Ok(())
}
