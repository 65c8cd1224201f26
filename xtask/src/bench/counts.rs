//! `cargo xtask bench counts`: how many instructions the hot ways of the server take, beside the committed figures.
//!
//! Unlike times, the counts are the same on every run of a machine, so that a few percent show. Cryptography in assembly is
//! left out: libraries choose it by the processor.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::run_benchmark;
use crate::{repo, tools};

/// What is counted, in `server/benches/counts/main.rs`.
const FUNCTION: &str = "counts::measured*";

/// A count that is higher by more than this fails, in percent.
const TOLERANCE: u64 = 5;

/// Parts of the names of functions in assembly, and of the dispatch to them.
const ASSEMBLY: [&str; 4] = ["ring_core", "sha2::", "sha256_block", "ChaCha20_ctr32"];

/// A way, as the benchmark lists it.
struct Way {
    name: String,
    times: u64,
    /// Zero if it was never counted.
    committed: u64,
}

/// Counts every way, and fails if one takes more instructions than it may.
pub(super) fn run() -> Result<()> {
    tools::ensure_valgrind()?;
    let folder = repo::target()?.join("counts");
    repo::create_folder(&folder)?;
    println!(
        "{:<16} {:>12} {:>12} {:>8}",
        "", "instructions", "committed", "ratio"
    );
    let mut slower = Vec::new();
    for way in ways()? {
        let file = folder.join(format!("{}.out", way.name));
        count(&way.name, &file)?;
        let report = String::from_utf8_lossy(&repo::read(&file)?).into_owned();
        let counted = instructions(&report) / way.times;
        let ratio = counted as f64 / way.committed as f64;
        println!(
            "{:<16} {counted:>12} {:>12} {ratio:>8.3}",
            way.name, way.committed
        );
        if counted * 100 > way.committed * (100 + TOLERANCE) {
            slower.push(file);
        }
    }
    if slower.is_empty() {
        return Ok(());
    }
    let files: Vec<String> = slower
        .iter()
        .map(|file| file.display().to_string())
        .collect();
    bail!(
        "More instructions than committed in server/benches/counts, by more than {TOLERANCE} percent. See where with\n  \
         callgrind_annotate {}\nthe same of the commit before, and the differences. If they are worth it, commit the \
         new figures.",
        files.join("\n  callgrind_annotate ")
    )
}

/// The ways that the benchmark lists.
///
/// # Errors
/// If it does not run, or its figures are of another compiler.
fn ways() -> Result<Vec<Way>> {
    let list = tools::output(&mut bench(repo::cargo(), &[]))?;
    let (compiler, ways) = list
        .split_once('\n')
        .context("the benchmark lists nothing")?;
    let version = tools::output(Command::new("rustc").arg("--version"))?;
    if !version.starts_with(compiler) {
        bail!(
            "The figures in server/benches/counts are of {compiler}, and this is {}: count with that one, or count the \
             commit before with this one and commit new figures.",
            version.trim()
        );
    }
    let ways = ways.lines();
    ways.map(|line| way(line).context("the benchmark lists something else"))
        .collect()
}

fn way(line: &str) -> Option<Way> {
    let mut words = line.split_whitespace();
    Some(Way {
        name: words.next()?.to_owned(),
        times: words.next()?.parse().ok()?,
        committed: words.next()?.parse().ok()?,
    })
}

fn count(name: &str, file: &Path) -> Result<()> {
    let out = format!("--callgrind-out-file={}", file.display());
    let toggle = format!("--toggle-collect={FUNCTION}");
    let mut valgrind = vec![
        "valgrind",
        "--quiet",
        "--tool=callgrind",
        "--collect-atstart=no",
    ];
    valgrind.extend(["--compress-strings=no", "--compress-pos=no", &toggle, &out]);
    // Cargo runs the benchmark under it.
    let mut cargo = repo::cargo();
    // Or else every error that is handled costs a backtrace.
    cargo.env("RUST_BACKTRACE", "0");
    cargo
        .arg("--config")
        .arg(format!("target.'cfg(all())'.runner = {valgrind:?}"));
    run_benchmark(bench(cargo, &[name]))
}

fn bench(mut cargo: Command, arguments: &[&str]) -> Command {
    cargo.args([
        "bench", "--quiet", "-p", "server", "--bench", "counts", "--",
    ]);
    cargo.args(arguments);
    cargo
}

/// The instructions in a report of Callgrind, without those of [`ASSEMBLY`].
///
/// <https://valgrind.org/docs/manual/cl-format.html>: after the name of a function (`fn=`), each line is a position and what
/// was spent there; the line after `calls=` is what the called function spent, which is counted at that function.
fn instructions(report: &str) -> u64 {
    let mut sum = 0;
    let (mut is_assembly, mut is_call) = (false, false);
    for line in report.lines() {
        if let Some(name) = line.strip_prefix("fn=") {
            is_assembly = ASSEMBLY.iter().any(|part| name.contains(part));
        } else if line.starts_with("calls=") {
            is_call = true;
        } else if line.starts_with(|first: char| first.is_ascii_digit()) {
            let spent = line
                .split(' ')
                .nth(1)
                .and_then(|spent| spent.parse::<u64>().ok());
            if !is_call && !is_assembly {
                sum += spent.unwrap_or(0);
            }
            is_call = false;
        }
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    const REPORT: &str = "\
events: Ir

fl=src/main.rs
fn=counts::measured
12 7
cfn=server::respond
calls=1 40
12 100
13 3

fn=server::respond
40 60
cfn=ring_core_0_17_14_sha256_block_data_order_hw
calls=2 0
41 40

fn=ring_core_0_17_14_sha256_block_data_order_hw
0 40

totals: 110
";

    #[test]
    fn instructions_are_counted_once_and_those_of_assembly_not() {
        assert_eq!(instructions(REPORT), 70);
    }

    #[test]
    fn a_line_of_the_list_is_a_way() {
        let way = way("login-page 50 61234").unwrap();
        assert_eq!(
            (way.name.as_str(), way.times, way.committed),
            ("login-page", 50, 61_234)
        );
    }
}
