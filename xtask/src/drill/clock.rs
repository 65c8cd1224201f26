//! A clock that is set back and forth while the server runs, by libfaketime.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use super::Report;
use super::handoff::Channel;
use super::stage::{Client, Stage, USER, until};
use crate::repo;

/// How far the server's clock is off, in seconds, one after the other.
const OFFSETS: [i64; 12] = [
    0, -600, 0, -3600, 600, -86_400, 3600, 0, -30, 30, -604_000, 0,
];

/// How long a code can be redeemed, and how far a provider's clock may be off, in seconds.
const CODE_LIFETIME: i64 = 60;
const TOLERANCE: i64 = 30;

/// What the demo's limits are by default.
const LIMITS: [(&str, &str); 2] = [
    ("LATCHKEY_LIMIT_ACCOUNT_BURST", "10"),
    ("LATCHKEY_LIMIT_CLIENT_BURST", "30"),
];

/// Sessions, limits, mails, codes, credentials and sign-ins through a provider are as they were.
pub(super) fn run(stage: &mut Stage) -> Result<Report> {
    let file = stage.file().with_file_name("clock");
    set(&file, OFFSETS[0])?;
    for (name, value) in LIMITS {
        stage.set(name, value);
    }
    stage.set("LD_PRELOAD", &library()?.to_string_lossy());
    stage.set("FAKETIME_TIMESTAMP_FILE", &file.to_string_lossy());
    stage.set("FAKETIME_NO_CACHE", "1");
    // Only the clock is set, as by an operator; timers go on.
    stage.set("FAKETIME_DONT_FAKE_MONOTONIC", "1");
    stage.start()?;
    let mut visit = Visit::new(stage.client());
    let mut report = Report::default();
    let mut expired = 0;
    let mut previous: Option<(String, i64)> = None;
    for offset in OFFSETS {
        set(&file, offset)?;
        report.tries += 1;
        let mut found = Report::default();
        if let Some((code, at)) = previous {
            let lives = offset - at < CODE_LIFETIME;
            expired += usize::from(!lives);
            found.expect(
                visit.client.redeem(&code) == lives,
                "a code of before lives too long or too short",
            );
        }
        previous = visit.check(offset, &mut found).map(|code| (code, offset));
        let losses = found.losses.into_iter();
        let losses = losses.map(|loss| format!("{offset} s off: {loss}"));
        report.losses.extend(losses);
    }
    if expired == 0 {
        bail!("No code has expired, so the clock did not move.");
    }
    Ok(report)
}

/// What has happened so far.
struct Visit {
    client: Client,
    mails: usize,
    signed_in: Vec<String>,
    signed_out: Vec<String>,
}

impl Visit {
    fn new(client: Client) -> Self {
        Self {
            client,
            mails: 0,
            signed_in: Vec::new(),
            signed_out: Vec::new(),
        }
    }

    /// Does what visitors do; returns a code that was not redeemed.
    fn check(&mut self, offset: i64, found: &mut Report) -> Option<String> {
        let client = self.client;
        for cookie in &self.signed_in {
            found.expect(client.is_signed_in(cookie), "a session is gone");
        }
        for cookie in &self.signed_out {
            found.expect(!client.is_signed_in(cookie), "a signed-out session is back");
        }
        let wrong = "email=demo%40latchkey.localhost&password=a+wrong+password";
        let status = client.status("POST /login", "", wrong);
        found.expect(
            status == 401,
            format!("a wrong password was answered with {status}"),
        );
        found.expect(client.readiness() == 200, "it is not ready");
        self.check_mail(found);
        check_provider(client, offset, found);

        let (Some(ended), Some(cookie)) = (client.sign_in(), client.sign_in()) else {
            found.expect(false, "a sign-in failed");
            return None;
        };
        found.expect(client.sign_out(&ended), "a sign-out failed");
        self.signed_out.push(ended);
        self.signed_in.push(cookie.clone());
        check_credentials(client, &cookie, found)
    }

    fn check_mail(&mut self, found: &mut Report) {
        self.client.asks_for_mail(USER);
        self.mails += 1;
        let arrived = until("a mail", || self.client.mails() >= self.mails);
        found.expect(arrived.is_ok(), "a mail did not arrive in ten seconds");
    }
}

/// A credential is issued and renewed, and a code can be redeemed once. Returns another one.
fn check_credentials(client: Client, cookie: &str, found: &mut Report) -> Option<String> {
    found.expect(client.agree(cookie), "a hand-off cannot be agreed to");
    let path = client.credential_path(cookie).unwrap_or_default();
    for channel in [Channel::Popup, Channel::Renewal] {
        let response = client.request(channel, &path, cookie);
        let status = response.map_or(0, |response| response.status);
        found.expect(
            status == 200,
            format!("{channel:?}: the status was {status}"),
        );
    }
    match client.code(cookie) {
        Some(code) => {
            found.expect(client.redeem(&code), "a code cannot be redeemed");
            found.expect(!client.redeem(&code), "a code was redeemed twice");
        }
        None => found.expect(false, "no code was issued"),
    }
    client.code(cookie)
}

/// A sign-in through the provider begins; if the clocks agree, it ends on the account page.
fn check_provider(client: Client, offset: i64, found: &mut Report) {
    let Some(start) = client.send("GET /oauth/sso/start", "", "") else {
        return found.expect(false, "a sign-in through the provider cannot begin");
    };
    let begun = start.status == 303 && start.location().contains("/sso/authorize?");
    found.expect(begun, "a sign-in through the provider cannot begin");
    if begun && offset.abs() <= TOLERANCE {
        let end = client.choose_at_provider(&start, "vera-verified");
        let location = end.as_ref().map_or("", |response| response.location());
        found.expect(
            location == "/account",
            format!("the provider signs no one in: {location:?}"),
        );
    }
}

/// Sets the server's clock.
fn set(file: &Path, offset: i64) -> Result<()> {
    repo::write(file, format!("{offset:+}\n"))
}

fn library() -> Result<PathBuf> {
    const NAME: &str = "faketime/libfaketimeMT.so.1";
    let mut folders = repo::entries(Path::new("/usr/lib"))?;
    folders.extend(["/usr/lib", "/usr/lib64", "/usr/local/lib"].map(PathBuf::from));
    let mut files = folders.iter().map(|folder| folder.join(NAME));
    files
        .find(|file| file.is_file())
        .context("faketime is not installed: apt-get install faketime.")
}
