//! `cargo xtask bench import`: how long `latchkey user import` and `export` take with many users, and how much memory.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use super::growth::{self, Folder};
use super::{Options, machine};
use crate::postgres::Postgres;
use crate::{process, repo};

const USERS: &str = "1000000";

/// How often the memory is looked at.
const INTERVAL: Duration = Duration::from_millis(20);

/// By bcrypt, of a made-up password. An import does not compute it.
const HASH: &str = "$2b$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy";

/// What a command took.
struct Taken {
    time: Duration,
    /// The most memory in the first tenth of the time, and in all of it, in MiB.
    first: f64,
    most: f64,
}

/// Measures both engines, or one.
pub(super) fn run(options: &Options) -> Result<()> {
    let users = options.users.as_deref().unwrap_or(USERS);
    let users: u32 = users
        .parse()
        .with_context(|| format!("--users: {users:?} is not a number of users."))?;
    let engines = growth::engines(options)?;
    let mut cargo = repo::cargo();
    cargo.args(["build", "-p", "server", "--release"]);
    process::run(
        cargo,
        "The server cannot be built; its message above says why.",
    )?;
    let server = repo::target()?.join("release/latchkey");
    let folder = Folder::new("bench-import")?;
    let file = folder.0.join("users.jsonl");
    write_users(&file, users).context("Cannot write the users; is the disk full?")?;
    println!("Import of {users} users on {}", machine());
    for engine in engines {
        if engine == "sqlite" {
            let database = folder.0.join("import.db");
            let url = format!("sqlite://{}", database.display());
            measure(engine, &server, &url, &file)?;
        } else {
            let postgres = Postgres::tuned(&folder.0.join("postgres"), growth::SETTINGS)?;
            measure(engine, &server, &postgres.url(), &file)?;
        }
    }
    Ok(())
}

fn measure(engine: &str, server: &Path, url: &str, file: &Path) -> Result<()> {
    let command = |arguments: &[&str]| {
        let mut command = Command::new(server);
        command
            .env("LATCHKEY_ENV", "demo")
            .env(
                "LATCHKEY_LOGIN_ORIGIN",
                "http://login.latchkey.localhost:3000",
            )
            .env("LATCHKEY_SITE_ORIGIN", "http://www.latchkey.localhost:3000")
            .env("LATCHKEY_COOKIE_DOMAIN", "latchkey.localhost")
            .env("DATABASE_URL", url)
            .arg("user")
            .args(arguments)
            .stdout(Stdio::null());
        command
    };
    let file = file.to_string_lossy();
    for (name, arguments) in [
        ("import", ["import", &*file].as_slice()),
        ("the same again", &["import", &*file]),
        ("export", &["export"]),
    ] {
        let Taken { time, first, most } = taken(command(arguments))?;
        println!(
            "{engine:10}{name:16}{:8.1} s   {first:6.1} MiB at first, {most:6.1} MiB at most",
            time.as_secs_f64()
        );
    }
    Ok(())
}

/// Runs a command and watches its memory.
fn taken(mut command: Command) -> Result<Taken> {
    let mut child = command.spawn().context("Cannot start the server")?;
    let began = Instant::now();
    let mut samples = Vec::new();
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break status;
        }
        samples.extend(memory(&child).map(|mib| (began.elapsed(), mib)));
        thread::sleep(INTERVAL);
    };
    if !status.success() {
        bail!("The command failed; its message above says why.");
    }
    let time = began.elapsed();
    let most = |until: Duration| {
        let samples = samples.iter().filter(|(at, _)| *at <= until);
        samples.map(|(_, mib)| *mib).fold(0.0, f64::max)
    };
    Ok(Taken {
        time,
        first: most(time / 10),
        most: most(time),
    })
}

/// The memory of a process in MiB, if it still runs.
fn memory(child: &Child) -> Option<f64> {
    let status = fs::read_to_string(format!("/proc/{}/status", child.id())).ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kibibytes: f64 = line.trim().trim_end_matches("kB").trim().parse().ok()?;
    Some(kibibytes / 1024.0)
}

fn write_users(path: &Path, users: u32) -> Result<()> {
    let mut file = BufWriter::new(File::create(path)?);
    for number in 0..users {
        writeln!(
            file,
            "{{\"id\":\"{number}\",\"email\":\"user{number}@example.test\",\"email_verified\":true,\
             \"display_name\":\"User {number}\",\"password_hash\":\"{HASH}\",\"created_at\":1700000000,\
             \"attributes\":{{\"plan\":\"gold\"}}}}"
        )?;
    }
    Ok(file.flush()?)
}
