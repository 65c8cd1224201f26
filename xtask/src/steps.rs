//! Prints the progress of commands: the current step, the next one, and how long each takes.

use std::io::{IsTerminal, stderr};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::Result;

/// How often a running step reports that it goes on, if there is no terminal to show Cargo's progress bar.
const TICK: Duration = Duration::from_secs(15);

/// How long each finished step took, in the order in which they ended.
static TIMES: Mutex<Vec<(String, Duration)>> = Mutex::new(Vec::new());

/// The steps of one command, in their order.
pub(crate) struct Steps {
    names: &'static [&'static str],
    done: usize,
    start: Instant,
}

impl Steps {
    /// Starts the clock.
    pub(crate) fn new(names: &'static [&'static str]) -> Self {
        Self {
            names,
            done: 0,
            start: Instant::now(),
        }
    }

    /// Runs the next step.
    pub(crate) fn next<T>(&mut self, step: impl FnOnce() -> Result<T>) -> Result<T> {
        let index = self.done;
        self.done += 1;
        println!("• {}", announcement(self.names, index));
        let name = self.names.get(index).copied().unwrap_or_default();
        let result = timed(name, || ticking(name, step))?;
        println!("  done after {}", clock(self.start.elapsed()));
        Ok(result)
    }
}

/// Prints the name of a single step, runs it, and prints how long it took.
pub(crate) fn headline<T>(name: &str, step: impl FnOnce() -> Result<T>) -> Result<T> {
    println!("• {name}");
    let start = Instant::now();
    let result = timed(name, || ticking(name, step))?;
    println!("  {:.1} s", start.elapsed().as_secs_f32());
    Ok(result)
}

/// Runs a step that prints enough by itself, and records how long it took.
pub(crate) fn timed<T>(name: &str, step: impl FnOnce() -> Result<T>) -> Result<T> {
    let start = Instant::now();
    let result = step();
    let mut times = TIMES.lock().unwrap_or_else(PoisonError::into_inner);
    times.push((name.to_owned(), start.elapsed()));
    result
}

/// Runs all steps of a command and prints how long each took, even if one fails.
pub(crate) fn with_table(steps: impl FnOnce() -> Result<()>) -> Result<()> {
    let outcome = steps();
    let times = TIMES.lock().unwrap_or_else(PoisonError::into_inner);
    println!("\n{}", table(&times));
    outcome
}

fn table(times: &[(String, Duration)]) -> String {
    let sum = (
        "Total".to_owned(),
        times.iter().map(|(_, time)| *time).sum(),
    );
    let rows: Vec<String> = times
        .iter()
        .chain([&sum])
        .map(|(name, time)| format!("  {name:<40} {:>6}", clock(*time)))
        .collect();
    rows.join("\n")
}

fn ticking<T>(name: &str, step: impl FnOnce() -> Result<T>) -> Result<T> {
    let start = Instant::now();
    let (done, ended) = channel::<()>();
    thread::scope(|scope| {
        scope.spawn(move || {
            while !stderr().is_terminal()
                && ended.recv_timeout(TICK) == Err(RecvTimeoutError::Timeout)
            {
                println!("  {name}: {}", clock(start.elapsed()));
            }
        });
        let result = step();
        drop(done);
        result
    })
}

/// `[1/3] This; then that`.
fn announcement(names: &[&str], index: usize) -> String {
    let name = names.get(index).copied().unwrap_or_default();
    let position = format!("[{}/{}] {name}", index + 1, names.len());
    match names.get(index + 1) {
        Some(next) => format!("{position}; next: {next}"),
        None => position,
    }
}

/// Minutes and seconds.
pub(crate) fn clock(time: Duration) -> String {
    format!("{}:{:02}", time.as_secs() / 60, time.as_secs() % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_step_but_the_last_names_the_next() {
        let names = ["Programs", "Style"];
        assert_eq!(announcement(&names, 0), "[1/2] Programs; next: Style");
        assert_eq!(announcement(&names, 1), "[2/2] Style");
    }

    #[test]
    fn the_table_ends_with_the_sum() {
        let times = [("Format", 2), ("Browser tests", 241)];
        let times = times.map(|(name, seconds)| (name.to_owned(), Duration::from_secs(seconds)));
        let table = table(&times);
        let lines: Vec<Vec<&str>> = table
            .lines()
            .map(|line| line.split_whitespace().collect())
            .collect();
        assert_eq!(
            lines,
            [
                vec!["Format", "0:02"],
                vec!["Browser", "tests", "4:01"],
                vec!["Total", "4:03"]
            ]
        );
    }

    #[test]
    fn times_are_minutes_and_seconds() {
        assert_eq!(clock(Duration::from_secs(83)), "1:23");
        assert_eq!(clock(Duration::from_millis(5900)), "0:05");
    }
}
