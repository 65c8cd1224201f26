//! `cargo xtask drill`: does to a running server what disks, logs, clocks, clients, vendors and mail servers do, and
//! prints how often it was tried and what was lost.

mod account;
mod clock;
mod cluster;
mod crowd;
mod damage;
mod disk;
mod file;
mod handoff;
mod idle;
mod kill;
mod log;
mod mail;
mod mailbox;
mod nginx;
mod nodes;
mod person;
mod restart;
mod slow_vendor;
mod stage;
mod upgrade;
mod writes;

use anyhow::{Context, Result, bail};

use crate::process;
use stage::Stage;

/// What a drill has found.
#[derive(Debug, Default)]
pub(crate) struct Report {
    /// How often the fault was tried.
    tries: usize,
    /// What was lost or wrong, one sentence each.
    losses: Vec<String>,
}

impl Report {
    /// Notes a loss if something that must hold does not.
    fn expect(&mut self, holds: bool, loss: impl Into<String>) {
        if !holds {
            self.losses.push(loss.into());
        }
    }
}

type Drill = fn(&mut Stage) -> Result<Report>;

/// The name of each drill, what it does, and how.
const DRILLS: [(&str, &str, Drill); 13] = [
    ("kill", "kill -9 fifty times amid writes", kill::run),
    (
        "disk-full",
        "fill the disk and make space again, and let every write fail for a while (Linux, as root)",
        disk::run,
    ),
    ("log", "log to a full disk", log::run),
    (
        "locked",
        "lock the database from outside (needs python3)",
        file::locked,
    ),
    (
        "deleted",
        "delete the database file while the server runs",
        file::deleted,
    ),
    (
        "damaged",
        "damage the database file while the server runs, and start on it (needs python3)",
        damage::run,
    ),
    (
        "clock",
        "set the clock back and forth (Linux, needs faketime)",
        clock::run,
    ),
    ("idle", "open 5,000 idle connections", idle::run),
    (
        "mute-mail",
        "let the mail server accept a connection and say nothing",
        mail::run,
    ),
    (
        "slow-vendor",
        "let the vendor take long for a credential while its user signs out",
        slow_vendor::run,
    ),
    (
        "restart",
        "restart the server ten times behind a socket that stays open, while 50 clients connect",
        restart::run,
    ),
    (
        "nodes",
        "three servers behind nginx on one PostgreSQL: kill one, restart PostgreSQL, restart them one by one, ten times",
        nodes::run,
    ),
    (
        "upgrade",
        "replace the servers of the version before, on one PostgreSQL and on one file",
        upgrade::run,
    ),
];

/// Which drill to run, and with what.
#[derive(Debug)]
pub(crate) struct Options {
    /// All of them, if there is none.
    pub(crate) name: Option<String>,
    /// The commit to upgrade from.
    pub(crate) from: Option<String>,
}

/// Runs one drill, or all of them.
pub(crate) fn run(options: &Options) -> Result<()> {
    process::listen_for_stop()?;
    let name = options.name.as_deref();
    let chosen: Vec<_> = DRILLS
        .iter()
        .filter(|(other, ..)| name.is_none_or(|name| name == *other))
        .collect();
    if chosen.is_empty() {
        let names: Vec<&str> = DRILLS.iter().map(|(name, ..)| *name).collect();
        bail!(
            "There is no such drill; the drills are: {}.",
            names.join(", ")
        );
    }
    stage::build()?;
    let mut lost = 0;
    for (name, about, drill) in chosen {
        let mut stage = Stage::new(options.from.as_deref().unwrap_or(upgrade::PREVIOUS))?;
        let report = drill(&mut stage).with_context(|| format!("The drill {name} did not end."))?;
        println!(
            "{name}: {about}: {} tries, {} losses",
            report.tries,
            report.losses.len()
        );
        report.losses.iter().for_each(|loss| println!("  {loss}"));
        lost += report.losses.len();
    }
    if lost > 0 {
        bail!("Something was lost; see above.");
    }
    Ok(())
}
