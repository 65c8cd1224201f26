//! What happens to the database file: locked from outside, and deleted.

use std::fs;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

use super::Report;
use super::stage::{Client, Stage, until};

const USER: &str = "email=demo%40latchkey.localhost&password=correct+horse+battery+staple";

/// How long a write may wait.
const MAX_WAIT: Duration = Duration::from_secs(5);

const LOCK: &str = "import sqlite3, sys, time
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute('BEGIN IMMEDIATE')
time.sleep(12)";

/// Reads go on, writes say later within five seconds, and all is well when the lock is gone.
pub(super) fn locked(stage: &mut Stage) -> Result<Report> {
    stage.start()?;
    let client = stage.client();
    let cookie = client.sign_in().context("Cannot sign in.")?;
    let mut report = Report::default();
    for _ in 0..3 {
        report.tries += 1;
        let mut lock = Command::new("python3")
            .args(["-c", LOCK])
            .arg(stage.file())
            .stdin(Stdio::null())
            .spawn()
            .context("Cannot start python3; is it installed?")?;
        thread::sleep(Duration::from_millis(500));
        let began = Instant::now();
        report.expect(client.is_signed_in(&cookie), "a read failed");
        report.expect(began.elapsed() < Duration::from_secs(1), "a read waited");
        report.expect(
            client.readiness() != 200,
            "it is ready while it cannot write",
        );
        sign_in_at_once(client, &mut report);
        lock.wait()?;
        until("a sign-in after the lock", || client.sign_in().is_some())?;
        report.expect(client.readiness() == 200, "it is not ready after the lock");
    }
    Ok(report)
}

/// Writes that wait for each other say later within five seconds as well, and when to come back.
fn sign_in_at_once(client: Client, report: &mut Report) {
    let began = Instant::now();
    let responses = thread::scope(|scope| {
        let all = [(); 5].map(|()| scope.spawn(|| client.send("POST /login", "", USER)));
        all.map(|one| one.join().ok().flatten())
    });
    for response in responses {
        let later = response.is_some_and(|response| {
            response.status == 503 && response.headers("retry-after").next().is_some()
        });
        report.expect(
            later,
            "a write was not answered with 503 and when to come back",
        );
    }
    let took = began.elapsed();
    report.expect(took < MAX_WAIT, format!("writes said later after {took:?}"));
}

/// Nothing is acknowledged into the deleted file, none takes its place, and all is well when it is back.
pub(super) fn deleted(stage: &mut Stage) -> Result<Report> {
    stage.start()?;
    let client = stage.client();
    let (file, away) = (stage.file(), stage.file().with_extension("away"));
    let mut report = Report::default();
    for _ in 0..5 {
        report.tries += 1;
        fs::rename(&file, &away)?;
        report.expect(client.sign_in().is_none(), "a write was acknowledged");
        report.expect(client.readiness() == 503, "it is ready without its file");
        report.expect(!file.exists(), "another file has taken its place");
        fs::rename(&away, &file)?;
        until("a sign-in afterwards", || client.sign_in().is_some())?;
        report.expect(client.readiness() == 200, "it is not ready afterwards");
    }
    Ok(report)
}
