//! `cargo xtask bench before`: the server of this workspace beside that of another commit.

use anyhow::Result;

use super::clone::{Clone, folder_name};
use super::{Options, compare, machine};
use crate::assets::Profile;

/// Builds the other commit's server, then measures credentials and sign-ins of both.
pub(super) fn run(options: &Options) -> Result<()> {
    let commit = &options.against;
    println!("On {}, beside {commit}", machine());
    let clone = Clone::new(commit, &folder_name(commit, 0))?;
    let program = clone.build_server(Profile::Release)?;
    compare("tokens", "--before", &program)?;
    compare("sign_ins", "--before", &program)
}
