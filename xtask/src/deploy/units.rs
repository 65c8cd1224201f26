//! The units: systemd's own checks, and a server that gets its socket from systemd's program for that.

use std::os::unix::net::UnixDatagram;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use demo_settings::{Database, Ports, login_origin, site_origin};

use crate::http_probe::answers_ok;
use crate::process::{self, Service};
use crate::steps::headline;
use crate::{repo, tools};

/// Ten times the exposure that `systemd-analyze security` may find, of 100.
const MAX_EXPOSURE: &str = "--threshold=15";

/// How long the message to systemd may take after the first response.
const TIMEOUT: Duration = Duration::from_secs(10);

/// Where the unit expects the program.
const INSTALLED: &str = "/opt/latchkey/latchkey";

pub(super) fn check(folder: &Path) -> Result<()> {
    if !tools::is_installed("systemd-analyze") {
        println!("• systemd is not installed: its units are not tested");
        return Ok(());
    }
    let program = folder.join("latchkey");
    headline("Units", || analyze(folder, &program))?;
    headline("Socket activation", || activate(&program))
}

/// Checks copies of the units with the path of this program.
fn analyze(folder: &Path, program: &Path) -> Result<()> {
    let copies = repo::target()?.join("xtask/units");
    repo::create_folder(&copies)?;
    let (service, socket) = (
        copies.join("latchkey.service"),
        copies.join("latchkey.socket"),
    );
    for unit in [&service, &socket] {
        let name = unit.file_name().unwrap_or_default();
        let text =
            String::from_utf8_lossy(&repo::read(&folder.join("systemd").join(name))?).into_owned();
        repo::write(
            unit,
            text.replace(INSTALLED, &program.display().to_string()),
        )?;
    }
    let mut verify = Command::new("systemd-analyze");
    verify.arg("verify").args([&service, &socket]);
    process::run(
        verify,
        "systemd does not accept a unit; its message above says why.",
    )?;
    let mut security = Command::new("systemd-analyze");
    security
        .args(["security", "--offline=true", "--no-pager", MAX_EXPOSURE])
        .arg(&service);
    process::run_quietly(security, "systemd finds that the service may do too much.")
}

/// Starts the server by `systemd-socket-activate`, at another port than its own setting names, and waits until it says that
/// it is ready, on which the unit's type depends.
fn activate(program: &Path) -> Result<()> {
    let ports = Ports::find_free()?;
    let database = Database::throw_away(ports)?;
    let manager = database.file.with_extension("notify");
    let notified = UnixDatagram::bind(&manager)?;
    notified.set_read_timeout(Some(TIMEOUT))?;
    let mut command = Command::new("systemd-socket-activate");
    command.arg(format!("--listen=127.0.0.1:{}", ports.site));
    for (name, value) in [
        ("NOTIFY_SOCKET", manager.display().to_string()),
        ("LATCHKEY_ENV", "demo".to_owned()),
        ("LATCHKEY_ADDR", format!("127.0.0.1:{}", ports.sandbox)),
        ("LATCHKEY_LOGIN_ORIGIN", login_origin(ports)),
        ("LATCHKEY_SITE_ORIGIN", site_origin(ports)),
        ("LATCHKEY_COOKIE_DOMAIN", "latchkey.localhost".to_owned()),
        (
            "DATABASE_URL",
            format!("sqlite://{}", database.file.display()),
        ),
    ] {
        command.arg(format!("--setenv={name}={value}"));
    }
    command.arg(program).arg("serve");
    let mut server = Service::start("server", command)?;
    // The first request starts it, and waits for it.
    while !answers_ok(ports.site, "/health/ready") {
        server.check()?;
        process::pause();
        if process::stop_requested() {
            bail!("Stopped before the end.");
        }
    }
    if answers_ok(ports.sandbox, "/health/live") {
        bail!("The server does not take the socket that systemd passes to it.");
    }
    let mut message = [0; 64];
    let length = notified
        .recv(&mut message)
        .context("The server does not tell systemd that it is ready.")?;
    if !message[..length].starts_with(b"READY=1") {
        bail!("The server tells systemd something else than that it is ready.");
    }
    Ok(())
}
