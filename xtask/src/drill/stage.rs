//! A server with its sandbox and a database of its own, and the requests that drills send.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::assets::{self, Profile};
use crate::demo::Pair;
use crate::http_probe::{self, Request, Response};
use crate::ports::Ports;
use crate::process;
use crate::repo;
use crate::settings::{self, Database, Settings};

const USER: &str = "email=demo%40latchkey.localhost&password=correct+horse+battery+staple";

const FORM: &str = "application/x-www-form-urlencoded";

/// Drills sign in more often than users do.
const SETTINGS: [(&str, &str); 4] = [
    ("LATCHKEY_LIMIT_ACCOUNT_BURST", "1000000"),
    ("LATCHKEY_LIMIT_CLIENT_BURST", "1000000"),
    ("LATCHKEY_LIMIT_FORM_BURST", "1000000"),
    ("LATCHKEY_LIMIT_MAIL_BURST", "1000000"),
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
    log: Option<String>,
    pair: Option<Pair>,
}

impl Stage {
    pub(super) fn new() -> Result<Self> {
        let ports = Ports::find_free()?;
        let database = Database::throw_away(ports)?;
        let site = repo::site()?;
        let mut settings = Settings::new(ports, &database.file, &site, |_| None)?;
        for (name, value) in SETTINGS {
            settings.server.push((name.to_owned(), value.into()));
        }
        Ok(Self {
            ports,
            settings,
            database,
            log: None,
            pair: None,
        })
    }

    /// Changes a setting of the server, before it starts.
    pub(super) fn set(&mut self, name: &str, value: &str) {
        self.settings.server.push((name.to_owned(), value.into()));
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
    ports: Ports,
}

impl Client {
    /// Signs the demo user in; the session's cookie, or `None` if the server did not say that it did.
    pub(super) fn sign_in(self) -> Option<String> {
        let response = self.send_sign_in()?;
        let cookie = response.headers("set-cookie").next()?.split(';').next()?;
        (response.status == 303).then(|| cookie.to_owned())
    }

    /// The response to the demo user's sign-in.
    pub(super) fn send_sign_in(self) -> Option<Response> {
        self.send("POST /login", "", USER)
    }

    /// Chooses a user on the provider's page to which `start` has redirected; where the login redirects to then.
    pub(super) fn choose_at_provider(self, start: &Response) -> Option<String> {
        let cookie = start.headers("set-cookie").next()?.split(';').next()?;
        let (_, query) = start.location().split_once('?')?;
        let form = format!("{query}&choice=vera-verified");
        let chosen = self.send_to_sandbox("POST /sso/authorize", &form)?;
        let callback = chosen
            .location()
            .strip_prefix(&settings::login_origin(self.ports))?;
        let response = self.send(&format!("GET {callback}"), cookie, "")?;
        Some(response.location().to_owned())
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

    /// Whether the server has promised a mail to the demo user.
    pub(super) fn asks_for_mail(self) -> bool {
        let user = "email=demo%40latchkey.localhost";
        let Some(response) = self.send("POST /forgot-password", "", user) else {
            return false;
        };
        let location = response.headers("location").next();
        response.status == 303 && location.is_some_and(|url| url.starts_with("/check-mail"))
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
        let origin = settings::login_origin(self.ports);
        self.ask((&origin, "same-origin"), line, cookie, body)
    }

    /// The response of the login to a script of the embedding site.
    pub(super) fn send_from_site(self, line: &str, cookie: &str, body: &str) -> Option<Response> {
        let origin = settings::site_origin(self.ports);
        self.ask((&origin, "same-site"), line, cookie, body)
    }

    fn ask(
        self,
        (origin, site): (&str, &str),
        line: &str,
        cookie: &str,
        body: &str,
    ) -> Option<Response> {
        let login = settings::login_origin(self.ports);
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
        http_probe::ask(self.ports.site, &request).ok()
    }

    /// The response of the sandbox to one of its own pages.
    pub(super) fn send_to_sandbox(self, line: &str, body: &str) -> Option<Response> {
        let origin = settings::sandbox_url(self.ports);
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

    /// How many mails the sandbox has received; one that was sent again counts once, as mail servers recognize it by
    /// its ID.
    pub(super) fn mails(self) -> usize {
        let page = self.send_to_sandbox("GET /mailbox.json", "");
        let page = page.map(|page| page.text()).unwrap_or_default();
        let ids = page.split("\"message_id\":\"").skip(1);
        let ids: BTreeSet<&str> = ids.filter_map(|rest| rest.split('"').next()).collect();
        ids.len()
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
