//! `cargo xtask bench growth`: what look-ups, sign-ins, sweeps, starts and migrations cost with more and more users.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use super::{Options, machine};
use crate::postgres::Postgres;
use crate::{process, repo};

const USERS: &str = "10000,100000,1000000";

/// Filling a database takes much longer with PostgreSQL's defaults, which are made for small machines.
pub(super) const SETTINGS: &[&str] = &[
    "shared_buffers=2GB",
    "max_wal_size=4GB",
    "checkpoint_timeout=30min",
    "wal_level=minimal",
    "max_wal_senders=0",
];

/// A folder that is deleted when this is dropped.
pub(super) struct Folder(pub(super) PathBuf);

/// Measures both engines, or one.
pub(super) fn run(options: &Options) -> Result<()> {
    let users = options.users.as_deref().unwrap_or(USERS);
    check(users)?;
    let engines = engines(options)?;
    println!("Growth on {}", machine());
    for engine in engines {
        let folder = Folder::new("bench-growth")?;
        if engine == "sqlite" {
            measure("sqlite", users, &folder.0)?;
        } else {
            let postgres = Postgres::tuned(&folder.0.join("postgres"), SETTINGS)?;
            measure(&postgres.url(), users, &folder.0)?;
        }
    }
    Ok(())
}

/// Both engines, or the one that is asked for.
pub(super) fn engines(options: &Options) -> Result<Vec<&str>> {
    match options.engine.as_deref() {
        None => Ok(vec!["sqlite", "postgres"]),
        Some(engine @ ("sqlite" | "postgres")) => Ok(vec![engine]),
        Some(other) => bail!("--engine must be sqlite or postgres, not {other:?}."),
    }
}

fn measure(engine: &str, users: &str, folder: &Path) -> Result<()> {
    let mut cargo = repo::cargo();
    cargo
        .args(["bench", "-p", "server", "--bench", "growth", "--"])
        .args([engine, users])
        .arg(folder);
    process::run(
        cargo,
        "The benchmark failed; its message above says why, for example that the disk is full.",
    )
}

/// Checks that there are numbers, none too small to have a session for every look-up.
fn check(users: &str) -> Result<()> {
    for number in users.split(',') {
        let number: u32 = number
            .parse()
            .with_context(|| format!("--users: {number:?} is not a number of users."))?;
        if !(10_000..=10_000_000).contains(&number) {
            bail!("--users: {number} must be from 10000 to 10000000.");
        }
    }
    Ok(())
}

impl Folder {
    /// An empty folder below the target folder.
    pub(super) fn new(name: &str) -> Result<Self> {
        let folder = Self(repo::target()?.join(name));
        folder.remove();
        repo::create_folder(&folder.0)?;
        Ok(folder)
    }

    fn remove(&self) {
        // It may not be there, and the next run deletes what is left.
        let _ = fs::remove_dir_all(&self.0);
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        self.remove();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_users_are_checked() {
        for (users, is_right) in [
            ("10000", true),
            ("10000,10000000", true),
            ("9999", false),
            ("10000001", false),
            ("", false),
            ("10000,", false),
            ("many", false),
        ] {
            assert_eq!(check(users).is_ok(), is_right, "{users:?}");
        }
    }
}
