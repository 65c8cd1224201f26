//! `cargo xtask test webkit`: the demo over http and the truth table in WebKit, Safari's engine.

use anyhow::Result;

use crate::browsers::{self, Tools};
use crate::steps::{headline, with_table};
use crate::{assets, repo, tools};

/// Runs the tests in WebKit, or those whose file name contains one of `filters`, if it is installed.
pub(crate) fn try_out(filters: &[String]) -> Result<()> {
    let Some(driver) = tools::find_webkit() else {
        return Ok(());
    };
    with_table(|| {
        headline("Packages for the tests", || {
            tools::ensure_node()?;
            tools::ensure_packages(&repo::end2end(), "the browser tests")
        })?;
        let site = assets::build_all()?;
        let tools = Tools {
            webkit: Some(driver),
            ..Tools::default()
        };
        browsers::run(&site, &tools, filters)
    })
}
