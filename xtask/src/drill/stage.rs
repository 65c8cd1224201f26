//! A server with its sandbox and a database of its own, and the requests that drills send.

use std::io;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use demo_settings::{Database, Ports, Settings, login_origin, sandbox_url, site_origin};

use crate::assets::{self, Profile};
use crate::demo::Pair;
use crate::http_probe::{self, Request, Response};
use crate::process;
use crate::repo;

/// The demo user.
pub(super) const USER: &str = "demo@latchkey.localhost";
pub(super) const PASSWORD: &str = "correct horse battery staple";

const FORM: &str = "application/x-www-form-urlencoded";

/// Drills do everything more often than users do.
const SETTINGS: [(&str, &str); 7] = [
    ("LATCHKEY_LIMIT_ACCOUNT_BURST", "1000000"),
    ("LATCHKEY_LIMIT_CLIENT_BURST", "1000000"),
    ("LATCHKEY_LIMIT_CODE_BURST", "1000000"),
    ("LATCHKEY_LIMIT_CREDENTIAL_BURST", "1000000"),
    ("LATCHKEY_LIMIT_FORM_BURST", "1000000"),
    ("LATCHKEY_LIMIT_MAIL_BURST", "1000000"),
    ("LATCHKEY_LIMIT_OAUTH_BURST", "1000000"),
];

/// Hashing that costs little, for drills that sign in all the time.
const CHEAP_HASHING: [(&str, &str); 2] = [
    ("LATCHKEY_ARGON2_MEMORY_KIB", "7168"),
    ("LATCHKEY_ARGON2_PASSES", "1"),
];

/// Builds the programs.
pub(super) fn build() -> Result<()> {
    assets::build_programs(Profile::Dev)
}

/// Where a drill takes place.
pub(super) struct Stage {
    pub(super) ports: Ports,
    pub(super) settings: Settings,
    pub(super) database: Database,
    /// The commit whose server this one replaces.
    pub(super) previous: String,
    log: Option<String>,
    pair: Option<Pair>,
}

impl Stage {
    pub(super) fn new(previous: &str) -> Result<Self> {
        let ports = Ports::find_free()?;
        let database = Database::throw_away(ports)?;
        let site = repo::site()?;
        let mut settings = Settings::new(ports, &database.file, |_| None)?;
        settings.set("LATCHKEY_ASSETS", site);
        for (name, value) in SETTINGS {
            settings.set(name, value);
        }
        Ok(Self {
            ports,
            settings,
            database,
            previous: previous.to_owned(),
            log: None,
            pair: None,
        })
    }

    /// Changes a setting of the server, before it starts.
    pub(super) fn set(&mut self, name: &str, value: &str) {
        self.settings.set(name, value);
    }

    /// Lets sign-ins cost little.
    pub(super) fn hash_cheaply(&mut self) {
        for (name, value) in CHEAP_HASHING {
            self.set(name, value);
        }
    }

    /// Lets the server see its clients through an nginx on this machine.
    pub(super) fn trust_nginx(&mut self) {
        self.set("LATCHKEY_TRUSTED_PROXIES", "127.0.0.1");
    }

    /// Sends the server's log to a file.
    pub(super) fn log_to(&mut self, file: &str) {
        self.log = Some(file.to_owned());
    }

    pub(super) fn start(&mut self) -> Result<()> {
        self.pair = Some(Pair::start_with_log(
            &self.settings,
            self.ports,
            self.log.as_deref(),
        )?);
        Ok(())
    }

    /// Stops the server; the sandbox goes on.
    pub(super) fn stop_server(&mut self) -> Result<()> {
        self.running()?.stop_server();
        Ok(())
    }

    /// Starts the server again after it was stopped.
    pub(super) fn start_server(&mut self) -> Result<()> {
        let (settings, ports) = (self.settings.clone(), self.ports);
        self.running()?.start_server(&settings, ports)
    }

    /// Starts a server that should refuse to start; what it says, or `None` if it serves.
    pub(super) fn refusal_of_server(&mut self) -> Result<Option<String>> {
        let (settings, ports) = (self.settings.clone(), self.ports);
        self.running()?.refusal_of_server(&settings, ports)
    }

    /// Kills the server as a power failure would, and starts it again.
    pub(super) fn kill_and_restart(&mut self) -> Result<()> {
        self.running()?.kill_server();
        self.start_server()
    }

    /// The ID of the server's process.
    pub(super) fn server_id(&mut self) -> Result<u32> {
        Ok(self.running()?.server_id())
    }

    fn running(&mut self) -> Result<&mut Pair> {
        self.pair.as_mut().context("The server does not run.")
    }

    /// Stops both programs.
    pub(super) fn stop(&mut self) {
        self.pair = None;
    }

    pub(super) fn client(&self) -> Client {
        Client { ports: self.ports }
    }

    pub(super) fn file(&self) -> PathBuf {
        self.database.file.clone()
    }
}

/// Sends requests to the server as a browser does.
#[derive(Clone, Copy)]
pub(super) struct Client {
    pub(super) ports: Ports,
}

impl Client {
    /// Signs the demo user in; the session's cookie, or `None` if the server did not say that it did.
    pub(super) fn sign_in(self) -> Option<String> {
        self.sign_in_as(USER, PASSWORD)
    }

    /// Whether the server has acknowledged the sign-out of a session.
    pub(super) fn sign_out(self, cookie: &str) -> bool {
        self.status("POST /logout", cookie, "") == 303
    }

    /// Whether a session lives; asks again for ten seconds while the response is an error.
    pub(super) fn is_signed_in(self, cookie: &str) -> bool {
        let mut status = 0;
        let known = until("a response", || {
            status = self.status("GET /account", cookie, "");
            matches!(status, 200 | 303)
        });
        if known.is_err() {
            println!("  no response but {status}");
        }
        status == 200
    }

    /// The status of `/health/ready`, once the previous result is too old to be reused.
    pub(super) fn readiness(self) -> u16 {
        std::thread::sleep(Duration::from_millis(1100));
        self.status("GET /health/ready", "", "")
    }

    /// The status of a response; 0 if there is none.
    pub(super) fn status(self, line: &str, cookie: &str, body: &str) -> u16 {
        self.send(line, cookie, body)
            .map_or(0, |response| response.status)
    }

    /// The response to a page of the login.
    pub(super) fn send(self, line: &str, cookie: &str, body: &str) -> Option<Response> {
        self.try_send(line, cookie, body).ok()
    }

    /// The same, or why there is no response.
    pub(super) fn try_send(self, line: &str, cookie: &str, body: &str) -> io::Result<Response> {
        let origin = login_origin(self.ports);
        self.ask((&origin, "same-origin"), line, cookie, body)
    }

    /// The response of the login to a script of the embedding site.
    pub(super) fn send_from_site(self, line: &str, cookie: &str, body: &str) -> Option<Response> {
        let origin = site_origin(self.ports);
        self.ask((&origin, "same-site"), line, cookie, body).ok()
    }

    fn ask(
        self,
        (origin, site): (&str, &str),
        line: &str,
        cookie: &str,
        body: &str,
    ) -> io::Result<Response> {
        let login = login_origin(self.ports);
        let content_type = match body.starts_with('{') {
            true => "application/json",
            false => FORM,
        };
        let request = Request {
            line,
            host: login.strip_prefix("http://").unwrap_or(&login),
            headers: &[
                ("Origin", origin),
                ("Sec-Fetch-Site", site),
                ("Content-Type", content_type),
                ("Cookie", cookie),
            ],
            body,
        };
        http_probe::ask(self.ports.site, &request)
    }

    /// The response of the sandbox to one of its own pages.
    pub(super) fn send_to_sandbox(self, line: &str, body: &str) -> Option<Response> {
        let origin = sandbox_url(self.ports);
        let request = Request {
            line,
            host: origin.strip_prefix("http://").unwrap_or(&origin),
            headers: &[
                ("Origin", &origin),
                ("Sec-Fetch-Site", "same-origin"),
                ("Content-Type", FORM),
            ],
            body,
        };
        http_probe::ask(self.ports.sandbox, &request).ok()
    }
}

/// Waits until something holds; fails after ten seconds.
pub(super) fn until(what: &str, mut holds: impl FnMut() -> bool) -> Result<Duration> {
    let began = Instant::now();
    while !holds() {
        if began.elapsed() > Duration::from_secs(10) || process::stop_requested() {
            bail!("Not within ten seconds: {what}.");
        }
        process::pause();
    }
    Ok(began.elapsed())
}
