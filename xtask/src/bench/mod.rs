//! `cargo xtask bench`: benchmarks of the server, of how it grows, and of how long a developer waits for a start or a
//! reload.

mod before;
pub(crate) mod clone;
mod counts;
mod growth;
mod import;
mod reload;
mod start;
mod visit;

use std::ffi::OsStr;
use std::process::Command;
use std::thread::available_parallelism;

use anyhow::{Result, bail};

use crate::postgres::{Durability, Postgres};
use crate::{process, repo};

/// The commit with which `bench start`, `bench reload` and `bench before` compare by default.
pub(crate) const BASELINE: &str = "09769f4";

/// Which benchmark to run, and what to compare with.
#[derive(Debug)]
pub(crate) struct Options {
    pub(crate) name: Option<String>,
    pub(crate) against: String,
    pub(crate) pairs: u32,
    /// The numbers of users to measure with, separated by commas.
    pub(crate) users: Option<String>,
    /// The engine to measure; otherwise both.
    pub(crate) engine: Option<String>,
}

/// Runs one benchmark, or those of a server under load.
pub(crate) fn run(options: &Options) -> Result<()> {
    process::listen_for_stop()?;
    if options.pairs == 0 {
        bail!("--pairs must be at least 1.");
    }
    match options.name.as_deref() {
        Some("start") => start::run(options),
        Some("reload") => reload::run(options),
        Some("before") => before::run(options),
        Some("postgres") => on_postgres(),
        Some("counts") => counts::run(),
        Some("growth") => growth::run(options),
        Some("import") => import::run(options),
        name => of_the_server(name),
    }
}

/// Compares the endpoints with a bare twin on a PostgreSQL server, and three servers on it with one.
fn on_postgres() -> Result<()> {
    let postgres = Postgres::temporary(Durability::Durable)?;
    compare("tokens", "--postgres", postgres.url())
}

/// Runs a benchmark with an option.
fn compare(benchmark: &str, option: &str, value: impl AsRef<OsStr>) -> Result<()> {
    let mut cargo = repo::cargo();
    cargo.args(["bench", "-p", "server", "--bench", benchmark, "--", option]);
    cargo.arg(value);
    run_benchmark(cargo)
}

fn of_the_server(name: Option<&str>) -> Result<()> {
    let mut cargo = repo::cargo();
    cargo.args(["bench", "-p", "server"]);
    match name {
        Some(name) => cargo.args(["--bench", name]),
        None => cargo.args([
            "--bench", "sign_ins", "--bench", "storm", "--bench", "tokens",
        ]),
    };
    run_benchmark(cargo)
}

fn run_benchmark(cargo: Command) -> Result<()> {
    process::run(cargo, "A benchmark failed; its message above says why.")
}

/// Cores and memory of this machine, printed with the results.
fn machine() -> String {
    let cores = available_parallelism().map_or(0, usize::from);
    let memory = std::fs::read_to_string("/proc/meminfo")
        .ok()
        .and_then(|text| gibibytes(&text));
    match memory {
        Some(memory) => format!("{cores} cores, {memory:.0} GiB of memory"),
        None => format!("{cores} cores"),
    }
}

fn gibibytes(meminfo: &str) -> Option<f64> {
    let line = meminfo
        .lines()
        .find_map(|line| line.strip_prefix("MemTotal:"))?;
    let kibibytes: f64 = line.trim().trim_end_matches("kB").trim().parse().ok()?;
    Some(kibibytes / f64::from(1 << 20))
}

/// The median; of an even number of values, the mean of the two in the middle.
fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    match sorted.len() {
        0 => f64::NAN,
        length if length % 2 == 1 => sorted[middle],
        _ => f64::midpoint(sorted[middle - 1], sorted[middle]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_in_the_middle() {
        assert!((median(&[3.0, 1.0, 2.0]) - 2.0).abs() < f64::EPSILON);
        assert!((median(&[4.0, 1.0]) - 2.5).abs() < f64::EPSILON);
    }

    #[test]
    fn memory_is_read_in_gibibytes() {
        let memory = gibibytes("MemTotal:       25165824 kB\nMemFree: 1 kB\n").unwrap();
        assert!((memory - 24.0).abs() < f64::EPSILON);
    }
}
