//! A user with an account of their own, at one client, and what the servers have acknowledged of it.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use super::Report;
use super::handoff::{CHANNELS, Channel};
use super::stage::{Client, until};

/// A user. What is in here has been acknowledged, except for passwords.
pub(super) struct Person {
    number: usize,
    /// The account at the provider.
    persona: &'static str,
    /// How often the user has done everything.
    turns: usize,
    is_registered: bool,
    is_linked: bool,
    /// One of these is valid: the last that was acknowledged or one that was sent since.
    passwords: Vec<String>,
    /// Sessions that a new password has ended.
    ended: Vec<String>,
    /// The addresses to which mails were asked for, and those to which they were promised.
    pub(super) asked: Vec<String>,
    pub(super) promised: Vec<String>,
    pub(super) credentials: usize,
    pub(super) losses: Vec<String>,
}

impl Person {
    pub(super) fn new(number: usize, persona: &'static str) -> Self {
        Self {
            number,
            persona,
            turns: 0,
            is_registered: false,
            is_linked: false,
            passwords: vec!["seven purple kites at dusk".to_owned()],
            ended: Vec::new(),
            asked: Vec::new(),
            promised: Vec::new(),
            credentials: 0,
            losses: Vec::new(),
        }
    }

    /// Does all that users do with an account, again and again.
    pub(super) fn live(&mut self, client: Client, stop: &AtomicBool) {
        while self.turn(client, stop).is_some() {
            self.turns += 1;
        }
    }

    /// How many changes the servers have acknowledged, about.
    pub(super) fn writes(&self) -> usize {
        5 * self.turns
    }

    /// Checks that all that was acknowledged is there.
    pub(super) fn check(&self, client: Client, report: &mut Report) {
        let email = self.email();
        if self.is_registered {
            let signs_in = until("a sign-in", || self.sign_in(client).is_some());
            report.expect(signs_in.is_ok(), format!("{email} cannot sign in"));
        }
        if self.is_linked {
            let owner = client
                .sign_in_at_provider(self.persona)
                .and_then(|cookie| client.account(&cookie));
            report.expect(
                owner.is_some_and(|page| page.contains(&email)),
                format!("{email} is not linked"),
            );
        }
        for cookie in &self.ended {
            report.expect(
                !client.is_signed_in(cookie),
                "a session has outlived a new password",
            );
        }
    }

    fn email(&self) -> String {
        format!("person{}@drill.example", self.number)
    }

    fn sign_in(&self, client: Client) -> Option<String> {
        let email = self.email();
        let mut passwords = self.passwords.iter().rev();
        passwords.find_map(|password| client.sign_in_as(&email, password))
    }

    /// Every step is repeated until a server acknowledges it; `None` if it is time to stop.
    fn turn(&mut self, client: Client, stop: &AtomicBool) -> Option<()> {
        if !self.is_registered {
            self.register(client, stop)?;
        }
        let cookie = insist(stop, || self.sign_in(client))?;
        let name = format!("Turn {}", self.turns);
        insist(stop, || client.renames(&cookie, &name).then_some(()))?;
        let page = insist(stop, || client.account(&cookie))?;
        self.expect(page.contains(&name), "a new name is not shown");

        insist(stop, || client.links(&cookie, self.persona).then_some(()))?;
        self.is_linked = true;
        let other = insist(stop, || client.sign_in_at_provider(self.persona))?;
        let page = insist(stop, || client.account(&other))?;
        self.expect(
            page.contains(&self.email()),
            "the provider signs another user in",
        );

        insist(stop, || client.agree(&cookie).then_some(()))?;
        let path = insist(stop, || client.credential_path(&cookie))?;
        for channel in CHANNELS {
            if channel == Channel::Code {
                continue;
            }
            insist(stop, || {
                let response = client.request(channel, &path, &cookie)?;
                (response.status == 200).then_some(())
            })?;
            self.credentials += 1;
        }
        self.reset(client, stop, cookie)
    }

    fn register(&mut self, client: Client, stop: &AtomicBool) -> Option<()> {
        let (email, password) = (self.email(), self.passwords[0].clone());
        insist(stop, || {
            self.asked.push(email.clone());
            client.registers(&email, &password).then_some(())
        })?;
        self.promised.push(email.clone());
        let token = insist(stop, || client.token_for(&email, None))?;
        insist(stop, || {
            // The response to a link that was opened may have been lost.
            let is_done = client.confirms(&token) || client.sign_in_as(&email, &password).is_some();
            is_done.then_some(())
        })?;
        self.is_registered = true;
        Some(())
    }

    fn reset(&mut self, client: Client, stop: &AtomicBool, cookie: String) -> Option<()> {
        let email = self.email();
        let last = client.token_for(&email, None);
        insist(stop, || {
            self.asked.push(email.clone());
            client.asks_for_mail(&email).then_some(())
        })?;
        self.promised.push(email.clone());
        let token = insist(stop, || client.token_for(&email, last.as_deref()))?;
        let password = format!("seven purple kites at dusk {}", self.turns);
        self.passwords.push(password.clone());
        // Another mail says that the password was changed.
        self.asked.push(email.clone());
        if client.resets(&token, &password) {
            self.promised.push(email);
            self.passwords = vec![password];
            self.ended.push(cookie);
        }
        Some(())
    }

    fn expect(&mut self, holds: bool, loss: &str) {
        if !holds {
            self.losses.push(loss.to_owned());
        }
    }
}

/// Tries again until there is a result; `None` if it is time to stop.
fn insist<T>(stop: &AtomicBool, mut step: impl FnMut() -> Option<T>) -> Option<T> {
    while !stop.load(Ordering::SeqCst) {
        if let Some(result) = step() {
            return Some(result);
        }
        thread::sleep(Duration::from_millis(20));
    }
    None
}
