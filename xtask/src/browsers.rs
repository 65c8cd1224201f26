//! The browser tests: Playwright with several workers, each with its own server, sandbox and database.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread::available_parallelism;

use anyhow::Result;
use demo_settings::{Database, Ports, Settings, Variables, login_origin, sandbox_url, site_origin};

use crate::demo::Pair;
use crate::programs::binary;
use crate::steps::{headline, timed};
use crate::tools::Chromium;
use crate::{process, repo};

/// Rate limits to raise, since the browser tests simulate many visitors from one address.
const LIMITS: [&str; 4] = [
    "LATCHKEY_LIMIT_CODE_BURST",
    "LATCHKEY_LIMIT_FORM_BURST",
    "LATCHKEY_LIMIT_OAUTH_BURST",
    "LATCHKEY_LIMIT_CREDENTIAL_BURST",
];

const MAX_WORKERS: usize = 4;

/// Optional tools that the tests use if they are installed.
#[derive(Default)]
pub(crate) struct Tools {
    pub(crate) chromium: Option<Chromium>,
    pub(crate) firefox: Option<PathBuf>,
    pub(crate) pyjwt: Option<PathBuf>,
    /// OpenID providers of other makes; if they are installed, only they are tested.
    pub(crate) providers: Option<PathBuf>,
    /// WebKit's driver; if it is there, only the tests in WebKit are run.
    pub(crate) webkit: Option<PathBuf>,
    /// The unpacked archive; if it is there, only its tests are run.
    pub(crate) archive: Option<PathBuf>,
}

/// Starts a deployment for each worker, and runs the tests that Playwright's arguments select, or all.
pub(crate) fn run(site: &Path, tools: &Tools, arguments: &[String]) -> Result<()> {
    let deployments = headline("Server and sandbox of each worker", || {
        (0..workers())
            .map(|_| Deployment::start(site))
            .collect::<Result<Vec<_>>>()
    })?;
    for deployment in &deployments {
        deployment.pair.release_output();
    }
    let playwright = playwright(&deployments, tools, arguments)?;
    timed("Browser tests", || {
        process::run(playwright, "A browser test failed.")
    })
}

/// Runs the tests of a job that starts its own servers.
pub(crate) fn run_alone(tools: &Tools, arguments: &[String]) -> Result<()> {
    let playwright = playwright(&[], tools, arguments)?;
    timed("Browser tests", || {
        process::run(playwright, "A browser test failed.")
    })
}

/// One worker more than there are cores, since a browser test mostly waits.
fn workers() -> usize {
    let cores = available_parallelism().map_or(1, usize::from);
    (cores + 1).min(MAX_WORKERS)
}

/// A running server and sandbox. When this is dropped, they stop before their database is deleted.
struct Deployment {
    ports: Ports,
    settings: Settings,
    pair: Pair,
    _database: Database,
}

impl Deployment {
    fn start(site: &Path) -> Result<Self> {
        let ports = Ports::find_free()?;
        let database = Database::throw_away(ports)?;
        // The tests must not depend on the vendors and keys in the caller's environment.
        let mut settings = Settings::new(ports, &database.file, |_| None)?;
        settings.set("LATCHKEY_ASSETS", site);
        settings
            .server
            .extend(LIMITS.map(|name| (name.to_owned(), "1000".into())));
        let pair = Pair::start(&settings, ports)?;
        Ok(Self {
            ports,
            settings,
            pair,
            _database: database,
        })
    }

    /// The deployment's address and the server's variables, so that a test can start a server like it.
    fn variables(&self) -> Variables {
        let ports = self.ports;
        let addresses = [
            ("SITE_PORT", ports.site.to_string()),
            ("SITE_ORIGIN", site_origin(ports)),
            ("LOGIN_ORIGIN", login_origin(ports)),
            ("SANDBOX_URL", sandbox_url(ports)),
        ];
        let addresses = addresses.map(|(name, value)| (name.to_owned(), value.into()));
        let Settings { server, sandbox } = self.settings.clone();
        server.into_iter().chain(sandbox).chain(addresses).collect()
    }
}

/// Playwright, whose worker `n` finds the variables of its deployment under names that begin with `DEPLOYMENT_n_`.
fn playwright(deployments: &[Deployment], tools: &Tools, arguments: &[String]) -> Result<Command> {
    let mut command = Command::new("node");
    command
        .args(["node_modules/@playwright/test/cli.js", "test"])
        .args(arguments)
        .current_dir(repo::end2end());
    command.env("DEPLOYMENTS", deployments.len().max(1).to_string());
    for (index, deployment) in deployments.iter().enumerate() {
        let variables = deployment.variables();
        command.envs(
            variables
                .into_iter()
                .map(|(name, value)| (format!("DEPLOYMENT_{index}_{name}"), value)),
        );
    }
    command
        .env("SERVER_PROGRAM", binary("latchkey")?)
        .env("SANDBOX_PROGRAM", binary("latchkey-sandbox")?);
    let chromium = tools.chromium.as_ref();
    for (name, path) in [
        ("CHROMIUM", chromium.map(|chromium| &chromium.full)),
        (
            "CHROMIUM_SHELL",
            chromium.and_then(|chromium| chromium.shell.as_ref()),
        ),
        ("FIREFOX", tools.firefox.as_ref()),
        ("PYJWT_FOLDER", tools.pyjwt.as_ref()),
        ("PROVIDERS_FOLDER", tools.providers.as_ref()),
        ("WEBKIT_DRIVER", tools.webkit.as_ref()),
        ("DEPLOY_FOLDER", tools.archive.as_ref()),
    ] {
        match path {
            Some(path) => command.env(name, path),
            None => command.env_remove(name),
        };
    }
    Ok(command)
}
