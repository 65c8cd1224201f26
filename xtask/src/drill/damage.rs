//! A database file that is damaged: while the server runs, and when it starts.

use std::fs::{self, File};
use std::io::{Seek, SeekFrom, Write};
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::Report;
use super::stage::{Client, PASSWORD, Stage, USER};
use crate::repo;

const PAGE: u64 = 4096;

/// Merges the write-ahead log, and prints the number of a table's first page.
const FIRST_PAGE: &str = "import sqlite3, sys
connection = sqlite3.connect(sys.argv[1])
connection.execute('PRAGMA wal_checkpoint(TRUNCATE)').fetchall()
query = 'SELECT rootpage FROM sqlite_master WHERE name = ?'
print(connection.execute(query, [sys.argv[2]]).fetchone()[0])";

/// What is wrong with the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Damage {
    /// The first page of a table is overwritten.
    Table(&'static str),
    Header,
    /// Most of the file is missing.
    CutOff,
    /// All of it is missing. A start takes an empty file for a new one.
    Emptied,
}

const DAMAGES: [Damage; 5] = [
    Damage::Table("users"),
    Damage::Table("sessions"),
    Damage::Header,
    Damage::CutOff,
    Damage::Emptied,
];

/// Requests say later, a start is refused, and the file stays as it is. With the backup, everything is back.
pub(super) fn run(stage: &mut Stage) -> Result<Report> {
    stage.start()?;
    let client = stage.client();
    let file = stage.file();
    let mut report = Report::default();
    for damage in DAMAGES {
        report.tries += 1;
        let mut found = Report::default();
        let cookie = client.sign_in().context("Cannot sign in.")?;
        let page = first_page(&file, damage)?;
        let (backup, number) = (repo::read(&file)?, fs::metadata(&file)?.ino());
        damage.strike(&file, page)?;

        check_requests(client, &cookie, &mut found);
        let metadata = fs::metadata(&file)?;
        found.expect(metadata.ino() == number, "another file has taken its place");
        stage.stop_server()?;
        if damage != Damage::Emptied {
            let before = repo::read(&file)?;
            let refusal = stage.refusal_of_server()?;
            let refusal = refusal.unwrap_or_else(|| "nothing: it started".to_owned());
            let is_told = ["it is damaged", "is not a database", "is malformed"]
                .iter()
                .any(|words| refusal.contains(words));
            let named = refusal.contains("cannot use the database");
            found.expect(is_told && named, format!("a start said {refusal}"));
            found.expect(
                repo::read(&file)? == before,
                "a start has changed the damaged file",
            );
        }

        restore(&file, &backup)?;
        stage.start_server()?;
        found.expect(client.is_signed_in(&cookie), "a session is gone");
        found.expect(client.sign_in().is_some(), "a sign-in failed afterwards");
        found.expect(client.readiness() == 200, "it is not ready afterwards");
        let losses = found.losses.into_iter();
        report
            .losses
            .extend(losses.map(|loss| format!("{damage:?}: {loss}")));
    }
    Ok(report)
}

fn check_requests(client: Client, cookie: &str, found: &mut Report) {
    found.expect(client.readiness() == 503, "it is ready");
    for line in ["GET /account", "GET /api/viewer"] {
        let status = client.status(line, cookie, "");
        found.expect(status == 503, format!("{line}: {status}"));
    }
    let signed_in = client.send_sign_in(USER, PASSWORD);
    let signed_in = signed_in.map_or(0, |response| response.status);
    found.expect(signed_in == 503, format!("POST /login: {signed_in}"));
    let page = client.status("GET /login", "", "");
    found.expect(page == 200, format!("GET /login: {page}"));
}

impl Damage {
    fn strike(self, file: &Path, first_page: u64) -> Result<()> {
        let mut file = File::options().write(true).open(file)?;
        match self {
            Self::Table(_) => {
                file.seek(SeekFrom::Start((first_page - 1) * PAGE))?;
                file.write_all(&[0x5a; PAGE as usize])?;
            }
            Self::Header => file.write_all(&[0x5a; 100])?,
            Self::CutOff => file.set_len(2 * PAGE)?,
            Self::Emptied => file.set_len(0)?,
        }
        Ok(())
    }
}

fn first_page(file: &Path, damage: Damage) -> Result<u64> {
    let table = match damage {
        Damage::Table(table) => table,
        _ => "users",
    };
    let python = Command::new("python3")
        .args(["-c", FIRST_PAGE])
        .arg(file)
        .arg(table)
        .output()
        .context("Cannot start python3; is it installed?")?;
    if !python.status.success() {
        bail!("Python cannot read the database.");
    }
    let number = String::from_utf8_lossy(&python.stdout);
    number.trim().parse().context("Python printed no number.")
}

/// Puts the backup in the file's place, without the write-ahead log of the damaged one.
fn restore(file: &Path, backup: &[u8]) -> Result<()> {
    for suffix in ["-wal", "-shm"] {
        let mut beside = file.as_os_str().to_owned();
        beside.push(suffix);
        // It may be gone already.
        let _ = fs::remove_file(beside);
    }
    repo::write(file, backup)
}
