//! `cargo xtask test`: Rust's tests, the size budget, and the browser tests against a running pair.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;

use crate::demo::{Pair, binary};
use crate::ports::Ports;
use crate::settings::{self, Database, Settings};
use crate::{assets, process, removal, repo, tools};

/// What one visitor may do in a while; the browser tests play many visitors from one address.
const LIMITS: [&str; 4] = [
    "LATCHKEY_LIMIT_CODE_BURST",
    "LATCHKEY_LIMIT_FORM_BURST",
    "LATCHKEY_LIMIT_OAUTH_BURST",
    "LATCHKEY_LIMIT_CREDENTIAL_BURST",
];

/// What to run.
#[derive(Debug)]
pub(crate) struct Options {
    /// Leave the browser tests out.
    pub(crate) no_browser: bool,
    /// Only Rust tests whose name contains one of these, and browser tests whose file does. `removal`, alone or before
    /// names of vendors, deletes each of them from a copy of the workspace instead, and tests what is left.
    pub(crate) filters: Vec<String>,
}

/// Runs everything and stops at the first kind of test that fails.
pub(crate) fn run(options: &Options) -> Result<()> {
    process::listen_for_stop()?;
    if let Some((kind, vendors)) = options.filters.split_first()
        && kind == "removal"
    {
        return removal::try_out(vendors);
    }
    // `app` as the server compiles it: never in one call with `frontend`, whose features differ.
    rust_tests(
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
    rust_tests(&["-p", "xtask", "-p", "bundler"], &options.filters)?;
    if options.no_browser {
        assets::build()?;
        return assets::ensure_within_budget();
    }
    tools::ensure_node()?;
    tools::ensure_packages(&repo::end2end(), "the browser tests")?;
    let pyjwt = tools::ensure_pyjwt()?;
    let chromium = tools::ensure_chromium()?;
    let firefox = tools::find_firefox()?;
    let site = assets::build_all()?;
    assets::ensure_within_budget()?;
    let found = Found {
        chromium,
        firefox,
        pyjwt,
    };
    browser_tests(&site, &found, &options.filters)
}

fn rust_tests(packages: &[&str], filters: &[String]) -> Result<()> {
    let mut cargo = repo::cargo();
    cargo.arg("test").args(packages).arg("--").args(filters);
    process::run(cargo, "A Rust test failed; its message above says which.")
}

/// What the browser tests use if it is there.
struct Found {
    chromium: Option<PathBuf>,
    firefox: Option<PathBuf>,
    pyjwt: Option<PathBuf>,
}

fn browser_tests(site: &Path, found: &Found, filters: &[String]) -> Result<()> {
    let ports = Ports::find_free()?;
    let database = Database::throw_away()?;
    // The caller's own vendors and keys have no place in the tests.
    let mut settings = Settings::new(ports, &database.file, site, |_| None)?;
    settings
        .server
        .extend(LIMITS.map(|name| (name.to_owned(), "1000".into())));
    let mut pair = assets::headline("Starting server and sandbox", || {
        Pair::start(&settings, ports)
    })?;
    pair.release_output();
    let outcome = process::run(
        playwright(&settings, ports, found, filters)?,
        "A browser test failed.",
    );
    pair.stop();
    outcome
}

/// Playwright, which starts with the pair's own variables, so that a test can start a server like it.
fn playwright(
    settings: &Settings,
    ports: Ports,
    found: &Found,
    filters: &[String],
) -> Result<Command> {
    let mut command = Command::new("node");
    command
        .args(["node_modules/@playwright/test/cli.js", "test"])
        .args(filters)
        .current_dir(repo::end2end());
    if !filters.is_empty() {
        command.arg("--pass-with-no-tests");
    }
    command.envs(
        settings
            .server
            .iter()
            .chain(&settings.sandbox)
            .map(|(name, value)| (name, value)),
    );
    let own: [(&str, OsString); 6] = [
        ("SITE_PORT", ports.site.to_string().into()),
        ("SITE_ORIGIN", settings::site_origin(ports).into()),
        ("LOGIN_ORIGIN", settings::login_origin(ports).into()),
        ("SANDBOX_URL", settings::sandbox_url(ports).into()),
        ("SERVER_PROGRAM", binary("latchkey")?.into()),
        ("SANDBOX_PROGRAM", binary("latchkey-sandbox")?.into()),
    ];
    command.envs(own);
    for (name, path) in [
        ("CHROMIUM", &found.chromium),
        ("FIREFOX", &found.firefox),
        ("PYJWT_FOLDER", &found.pyjwt),
    ] {
        match path {
            Some(path) => command.env(name, path),
            None => command.env_remove(name),
        };
    }
    Ok(command)
}
