//! A client that sends every kind of request that writes, and remembers what the server has acknowledged.

use super::Report;
use super::kill::Acknowledged;
use super::stage::{Client, until};

/// The addresses of two users.
pub(super) const USERS: [&str; 2] = ["demo%40latchkey.localhost", "rival%40latchkey.localhost"];
const PASSWORD: &str = "correct+horse+battery+staple";

/// How long a mail may take, in tries of ten seconds: the lease of one that a killed server was sending lasts for
/// four minutes.
const MAIL_TRIES: usize = 26;

/// A client and what was acknowledged to it.
pub(super) struct Writes {
    client: Client,
    user: &'static str,
    /// Tells this client's names and addresses from those of others.
    number: usize,
    /// Whether the server may end without a response.
    pub(super) may_die: bool,
    /// Whether no other client renames the user.
    pub(super) renames: bool,
    /// How many turns also ask for mails.
    pub(super) turns_with_mails: usize,
    pub(super) sessions: Acknowledged,
    /// How many mails were promised.
    pub(super) mails: usize,
    /// The user's last acknowledged name, and those sent since of which it is unknown whether they were stored.
    names: Vec<String>,
    /// A session for the next turn.
    session: Option<String>,
    turns: usize,
    /// Responses that are neither a success nor 503.
    pub(super) losses: Vec<String>,
}

impl Writes {
    pub(super) fn new(client: Client, user: &'static str, number: usize) -> Self {
        Self {
            client,
            user,
            number,
            may_die: false,
            renames: true,
            turns_with_mails: 0,
            sessions: Acknowledged::default(),
            mails: 0,
            names: Vec::new(),
            session: None,
            turns: 0,
            losses: Vec::new(),
        }
    }

    /// The number of acknowledged writes, besides names of which a later one was acknowledged.
    pub(super) fn writes(&self) -> usize {
        self.sessions.writes() + self.mails + usize::from(!self.names.is_empty())
    }

    /// Signs in for the next turn; returns whether it was acknowledged.
    pub(super) fn begin(&mut self) -> bool {
        self.session = self.sign_in();
        self.session.is_some()
    }

    /// Sends a request of each kind, all but the first with the session of [`Writes::begin`].
    pub(super) fn turn(&mut self) {
        let Some(cookie) = self.session.take() else {
            return;
        };
        self.turns += 1;
        let (number, turn) = (self.number, self.turns);
        let other = self.sign_in();
        self.sessions.signed_in.extend(other);

        if self.renames {
            let name = format!("Name {number} of turn {turn}.");
            let form = format!("display_name={}&photo_url=", name.replace(' ', "+"));
            match self.status("POST /account/profile", &cookie, &form, 303) {
                303 => self.names = vec![name],
                503 => {}
                // Whether it was stored is unknown.
                _ if !self.names.is_empty() => self.names.push(name),
                _ => {}
            }
        }
        if self.turns_with_mails > 0 {
            self.turns_with_mails -= 1;
            let registration = format!(
                "email=drill{number}-{turn}%40drill.example&display_name=Some+One&password=seven+purple+kites+at+dusk"
            );
            let reset = format!("email={}", self.user);
            for (line, form) in [
                ("POST /register", registration),
                ("POST /forgot-password", reset),
            ] {
                self.mails += usize::from(self.status(line, "", &form, 200) == 200);
            }
        }
        match self.status("POST /logout", &cookie, "", 303) {
            303 => self.sessions.signed_out.push(cookie),
            503 => self.sessions.signed_in.push(cookie),
            // Whether it was signed out is unknown.
            _ => {}
        }
    }

    /// What was acknowledged must be there.
    pub(super) fn check(&mut self, report: &mut Report) {
        self.sessions.check(self.client, report);
        let mut page = String::new();
        let shown = until("a sign-in", || {
            let cookie = self.sign_in().unwrap_or_default();
            let account = self.client.send("GET /account", &cookie, "");
            page = account.map(|account| account.text()).unwrap_or_default();
            page.contains("display_name")
        });
        report.expect(shown.is_ok(), "the account page is not shown");
        report.expect(
            self.names.is_empty() || self.names.iter().any(|name| page.contains(name)),
            "an acknowledged name is gone",
        );
        report.losses.append(&mut self.losses);
    }

    fn sign_in(&mut self) -> Option<String> {
        let form = format!("email={}&password={PASSWORD}", self.user);
        let response = self.client.send("POST /login", "", &form);
        let status = response.as_ref().map_or(0, |response| response.status);
        self.note("POST /login", status, 303);
        let response = response.filter(|response| response.status == 303)?;
        let cookie = response.headers("set-cookie").next()?.split(';').next()?;
        Some(cookie.to_owned())
    }

    fn status(&mut self, line: &str, cookie: &str, form: &str, success: u16) -> u16 {
        let status = self.client.status(line, cookie, form);
        self.note(line, status, success);
        status
    }

    fn note(&mut self, line: &str, status: u16, success: u16) {
        let is_dead = status == 0 && self.may_die;
        if status != success && status != 503 && !is_dead {
            self.losses
                .push(format!("the response to {line} was {status}"));
        }
    }
}

/// Promised mails must arrive.
pub(super) fn check_mails(client: Client, promised: usize, report: &mut Report) {
    let arrive = || until("all mails", || client.mails() >= promised).is_ok();
    let all = (0..MAIL_TRIES).any(|_| arrive());
    report.expect(
        all,
        format!("{promised} mails were promised, {} arrived", client.mails()),
    );
}
