//! A server with its sandbox and a database of its own, and the requests that drills send.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::assets::{self, Profile};
use crate::demo::Pair;
use crate::http_probe::{self, Request};
use crate::ports::Ports;
use crate::process;
use crate::repo;
use crate::settings::{self, Database, Settings};

/// The verifier of RFC 7636, appendix B, and its challenge.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

const USER: &str = "email=demo%40latchkey.localhost&password=correct+horse+battery+staple";

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

    /// Kills the server as a power failure would, and starts it again.
    pub(super) fn kill_and_restart(&mut self) -> Result<()> {
        let pair = self.pair.as_mut().context("The server does not run.")?;
        pair.kill_server();
        pair.start_server(&self.settings, self.ports)
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
        let answer = self.send("POST /login", "", USER)?;
        let cookie = answer.headers("set-cookie").next()?.split(';').next()?;
        (answer.status == 303).then(|| cookie.to_owned())
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
        let Some(answer) = self.send("POST /forgot-password", "", user) else {
            return false;
        };
        let location = answer.headers("location").next();
        answer.status == 303 && location.is_some_and(|url| url.starts_with("/check-mail"))
    }

    /// A code for the demo's chat box.
    pub(super) fn code(self, cookie: &str) -> Option<String> {
        let form = format!("chatBoxId=cb_demo&challenge={CHALLENGE}");
        self.send("POST /continue", cookie, &form)?;
        let answer = self.send("POST /handoff/code", cookie, &form)?;
        let target = answer.headers("refresh").next()?;
        let (_, code) = target.split_once("latchkey_code=")?;
        code.split('&').next().map(str::to_owned)
    }

    /// Whether a code was redeemed, from the demo's return page.
    pub(super) fn redeem(self, code: &str) -> bool {
        let form = format!("chatBoxId=cb_demo&code={code}&verifier={VERIFIER}");
        let origin = settings::site_origin(self.ports);
        let answer = self.send_from(&origin, "POST /api/handoff/redeem", "", &form);
        answer.is_some_and(|answer| answer.status == 200)
    }

    /// The status of `/health/ready`, once the previous result is too old to be reused.
    pub(super) fn readiness(self) -> u16 {
        std::thread::sleep(Duration::from_millis(1100));
        self.status("GET /health/ready", "", "")
    }

    /// The status of a response; 0 if there is none.
    pub(super) fn status(self, line: &str, cookie: &str, body: &str) -> u16 {
        self.send(line, cookie, body)
            .map_or(0, |answer| answer.status)
    }

    fn send(self, line: &str, cookie: &str, body: &str) -> Option<http_probe::Answer> {
        self.send_from(&settings::login_origin(self.ports), line, cookie, body)
    }

    fn send_from(
        self,
        origin: &str,
        line: &str,
        cookie: &str,
        body: &str,
    ) -> Option<http_probe::Answer> {
        let login = settings::login_origin(self.ports);
        let host = login.strip_prefix("http://").unwrap_or(&login);
        let site = if origin == login {
            "same-origin"
        } else {
            "same-site"
        };
        let request = Request {
            line,
            host,
            headers: &[
                ("Origin", origin),
                ("Sec-Fetch-Site", site),
                ("Content-Type", "application/x-www-form-urlencoded"),
                ("Cookie", cookie),
            ],
            body,
        };
        http_probe::ask(self.ports.site, &request).ok()
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
