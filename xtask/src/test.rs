//! `cargo xtask test`: Rust's tests, the size budget, and the browser tests.

use anyhow::Result;

use crate::browsers::{self, Tools};
use crate::postgres::{Durability, Postgres};
use crate::steps::{headline, timed, with_table};
use crate::{assets, deploy, dist, monitoring, process, providers, removal, repo, tools, webkit};

/// What to run.
#[derive(Debug)]
pub(crate) struct Options {
    /// Skip the browser tests.
    pub(crate) no_browser: bool,
    /// Run only Rust tests whose name contains one of these, and browser tests whose file name does. If the
    /// first is `removal`, delete each vendor, or the named ones, from a copy of the workspace instead, and
    /// test the rest; if it is `providers`, only sign users in through other makes of OpenID providers; if it is
    /// `webkit`, only run the tests in WebKit; if it is `monitoring`, only run the queries on the metrics; if it is
    /// `deploy`, try the archive; if it is `dist`, build it twice.
    pub(crate) filters: Vec<String>,
}

/// Runs the tests, stops after the first step that fails, and prints how long each step took.
pub(crate) fn run(options: &Options) -> Result<()> {
    process::listen_for_stop()?;
    match options.filters.split_first() {
        Some((kind, vendors)) if kind == "removal" => removal::try_out(vendors),
        Some((kind, names)) if kind == "providers" => providers::try_out(names),
        Some((kind, filters)) if kind == "webkit" => webkit::try_out(filters),
        Some((kind, _)) if kind == "monitoring" => monitoring::try_out(),
        Some((kind, parts)) if kind == "deploy" => deploy::try_out(parts),
        Some((kind, [])) if kind == "dist" => dist::compare(),
        _ => with_table(|| everything(options)),
    }
}

fn everything(options: &Options) -> Result<()> {
    rust_tests(
        "Tests of server, sandbox and app",
        &repo::PROGRAMS,
        &options.filters,
    )?;
    on_postgres(&options.filters)?;
    rust_tests(
        "Tests of xtask and its programs",
        &repo::COMMANDS,
        &options.filters,
    )?;
    if options.no_browser {
        assets::build()?;
        return assets::ensure_within_budget();
    }
    let tools = headline("Browsers and packages for the tests", find_tools)?;
    let site = assets::build_all()?;
    assets::ensure_within_budget()?;
    let mut arguments = options.filters.clone();
    if !arguments.is_empty() {
        // The filters may select Rust tests only.
        arguments.push("--pass-with-no-tests".to_owned());
    }
    browsers::run(&site, &tools, &arguments)
}

/// Runs the server's integration tests once more, on PostgreSQL.
fn on_postgres(filters: &[String]) -> Result<()> {
    if tools::ensure_postgres()?.is_none() {
        println!("• PostgreSQL is not installed: the server is tested on SQLite alone");
        return Ok(());
    }
    let postgres = Postgres::temporary(Durability::Volatile)?;
    let mut cargo = repo::cargo();
    // The packages of the tests before, so that nothing is compiled again. Only the server has this test target.
    cargo
        .arg("test")
        .args(repo::PROGRAMS)
        .args(["--test", "it", "--"])
        .args(filters);
    cargo.env("LATCHKEY_TEST_POSTGRES", postgres.url());
    timed("Tests of the server on PostgreSQL", || {
        process::run(
            cargo,
            "A test failed on PostgreSQL; its message above says which.",
        )
    })
}

fn find_tools() -> Result<Tools> {
    tools::ensure_node()?;
    tools::ensure_packages(&repo::end2end(), "the browser tests")?;
    Ok(Tools {
        pyjwt: tools::ensure_pyjwt()?,
        chromium: tools::ensure_chromium()?,
        firefox: tools::find_firefox()?,
        ..Tools::default()
    })
}

fn rust_tests(name: &str, packages: &[&str], filters: &[String]) -> Result<()> {
    let mut cargo = repo::cargo();
    cargo.arg("test").args(packages).arg("--").args(filters);
    timed(name, || {
        process::run(cargo, "A Rust test failed; its message above says which.")
    })
}
