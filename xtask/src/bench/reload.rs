//! `cargo xtask bench reload`: the time from a changed line in a page to the changed page, in `dev` and in
//! another commit's `demo`.

use anyhow::Result;

use super::clone::{Clone, folder_name, head};
use super::visit::Visitor;
use super::{Options, machine, median};
use crate::tools;

const PAGE: &str = "app/src/pages/login.rs";

/// A class without styles is added after this one.
const CLASS: &str = "<aside class=\"demo-box";

/// Builds both commits once, then changes the same line in each of them alternately.
pub(super) fn run(options: &Options) -> Result<()> {
    tools::ensure_wasm_target()?;
    let head = head()?;
    println!(
        "A changed line on {}, `dev` of {head} beside `demo` of {}",
        machine(),
        options.against
    );
    let old = Clone::new(&options.against, &folder_name(&options.against, 0))?;
    old.start("demo")?.seconds_until(Visitor::has_islands)?;
    let new = Clone::new(&head, &folder_name(&head, 0))?;
    let mut dev = new.start("dev")?;
    dev.seconds_until(Visitor::has_islands)?;
    let mut ratios = Vec::new();
    for pair in 1..=options.pairs {
        let marker = format!("changed-{pair}");
        let changed = format!("{CLASS} {marker}");
        old.edit(PAGE, CLASS, &changed)?;
        let before = old
            .start("demo")?
            .seconds_until(|visitor| visitor.sees(&marker))?;
        new.edit(PAGE, CLASS, &changed)?;
        let after = dev.seconds_from_now(|visitor| visitor.sees(&marker))?;
        let ratio = after / before;
        println!("Pair {pair}: {after:.1} s beside {before:.1} s, ratio {ratio:.2}");
        ratios.push(ratio);
        // Wait until the islands are rebuilt before the next change.
        dev.seconds_until(Visitor::has_islands)?;
    }
    println!("Median of the ratios: {:.2}", median(&ratios));
    Ok(())
}
