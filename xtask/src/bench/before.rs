//! `cargo xtask bench before`: the endpoints of this workspace beside those of another commit.

use anyhow::Result;

use super::clone::{Clone, folder_name};
use super::{Options, machine, tokens};

/// Builds the other commit's server, then runs the benchmark of the endpoints with both.
pub(super) fn run(options: &Options) -> Result<()> {
    let commit = &options.against;
    println!("The endpoints on {}, beside {commit}", machine());
    let clone = Clone::new(commit, &folder_name(commit, 0))?;
    tokens("--before", clone.build_server()?)
}
