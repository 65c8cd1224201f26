//! `cargo xtask bench start`: the time from `cargo xtask demo` in a new clone to the first sign-in and the
//! first island.

use anyhow::Result;

use super::clone::{Clone, folder_name, head};
use super::visit::Visitor;
use super::{Options, machine, median};
use crate::tools;

/// Seconds since the start of the command.
#[derive(Clone, Copy)]
struct Times {
    sign_in: f64,
    island: f64,
}

/// Measures both commits alternately and prints every result.
pub(super) fn run(options: &Options) -> Result<()> {
    tools::ensure_wasm_target()?;
    let head = head()?;
    println!(
        "First start on {}, {head} beside {}",
        machine(),
        options.against
    );
    let (mut sign_ins, mut islands) = (Vec::new(), Vec::new());
    for pair in 1..=options.pairs {
        let before = measure(&options.against, pair)?;
        let after = measure(&head, pair)?;
        let (sign_in, island) = (after.sign_in / before.sign_in, after.island / before.island);
        println!("Pair {pair}: first sign-in {sign_in:.2}, first island {island:.2}");
        sign_ins.push(sign_in);
        islands.push(island);
    }
    println!(
        "Median of the ratios: first sign-in {:.2}, first island {:.2}",
        median(&sign_ins),
        median(&islands)
    );
    Ok(())
}

fn measure(commit: &str, pair: u32) -> Result<Times> {
    println!("• {commit}, pair {pair}: cloning, then `cargo xtask demo`");
    let clone = Clone::new(commit, &folder_name(commit, pair))?;
    let mut run = clone.start("demo")?;
    let sign_in = run.seconds_until(Visitor::signs_in)?;
    println!("  first sign-in after {sign_in:.1} s");
    let island = run.seconds_until(Visitor::has_islands)?;
    println!("  first island after {island:.1} s");
    Ok(Times { sign_in, island })
}
