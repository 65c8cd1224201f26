//! `cargo xtask test`: Rust's tests, the size budget, and the browser tests.

use anyhow::Result;

use crate::browsers::{self, Tools};
use crate::steps::{headline, timed, with_table};
use crate::{assets, process, removal, repo, tools};

/// What to run.
#[derive(Debug)]
pub(crate) struct Options {
    /// Skip the browser tests.
    pub(crate) no_browser: bool,
    /// Run only Rust tests whose name contains one of these, and browser tests whose file name does. If the
    /// first is `removal`, delete each vendor, or the named ones, from a copy of the workspace instead, and
    /// test the rest.
    pub(crate) filters: Vec<String>,
}

/// Runs the tests, stops after the first step that fails, and prints how long each step took.
pub(crate) fn run(options: &Options) -> Result<()> {
    process::listen_for_stop()?;
    if let Some((kind, vendors)) = options.filters.split_first()
        && kind == "removal"
    {
        return removal::try_out(vendors);
    }
    with_table(|| everything(options))
}

fn everything(options: &Options) -> Result<()> {
    // Without `frontend`, with which Cargo would unify the features of `app`.
    rust_tests(
        "Tests of server, sandbox and app",
        &[
            "-p",
            "server",
            "-p",
            "sandbox",
            "-p",
            "app",
            "--features",
            "app/ssr",
        ],
        &options.filters,
    )?;
    rust_tests(
        "Tests of xtask and the bundler",
        &["-p", "xtask", "-p", "bundler"],
        &options.filters,
    )?;
    if options.no_browser {
        assets::build()?;
        return assets::ensure_within_budget();
    }
    let tools = headline("Browsers and packages for the tests", find_tools)?;
    let site = assets::build_all()?;
    assets::ensure_within_budget()?;
    browsers::run(&site, &tools, &options.filters)
}

fn find_tools() -> Result<Tools> {
    tools::ensure_node()?;
    tools::ensure_packages(&repo::end2end(), "the browser tests")?;
    Ok(Tools {
        pyjwt: tools::ensure_pyjwt()?,
        chromium: tools::ensure_chromium()?,
        firefox: tools::find_firefox()?,
    })
}

fn rust_tests(name: &str, packages: &[&str], filters: &[String]) -> Result<()> {
    let mut cargo = repo::cargo();
    cargo.arg("test").args(packages).arg("--").args(filters);
    timed(name, || {
        process::run(cargo, "A Rust test failed; its message above says which.")
    })
}
