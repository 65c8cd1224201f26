//! Users who do everything at once while something happens to the servers, and what the servers have told them.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use anyhow::Result;

use super::Report;
use super::kill::Acknowledged;
use super::person::Person;
use super::stage::{Client, USER, until};

/// How many clients sign the demo user in and out.
const VISITORS: usize = 4;

/// The accounts at the provider of those who have accounts of their own.
const PERSONAS: [&str; 2] = ["umut-unverified", "vera-verified"];

/// How many mails a visitor asks for while something happens.
const MAILS: usize = 2;

/// All users of a drill.
pub(super) struct Crowd {
    client: Client,
    people: Vec<Person>,
    /// The recipients of the mails that have arrived, by their IDs.
    arrived: BTreeMap<String, String>,
    /// The number of mails that were asked for and promised, by their recipients.
    asked: BTreeMap<String, usize>,
    promised: BTreeMap<String, usize>,
    writes: usize,
    pages: usize,
    codes: usize,
}

/// What the servers have told one visitor.
#[derive(Default)]
struct Told {
    sessions: Acknowledged,
    pages: usize,
    codes: usize,
    mails_asked: usize,
    mails_promised: usize,
    losses: Vec<String>,
}

impl Crowd {
    pub(super) fn new(client: Client) -> Self {
        let people = PERSONAS.iter().enumerate();
        Self {
            client,
            people: people
                .map(|(number, persona)| Person::new(number, persona))
                .collect(),
            arrived: BTreeMap::new(),
            asked: BTreeMap::new(),
            promised: BTreeMap::new(),
            writes: 0,
            pages: 0,
            codes: 0,
        }
    }

    /// Lets the users act while something happens; afterwards, what they were told of their sessions must hold.
    pub(super) fn during(
        &mut self,
        report: &mut Report,
        happens: impl FnOnce() -> Result<()>,
    ) -> Result<()> {
        let (client, stop) = (self.client, &AtomicBool::new(false));
        let (people, arrived) = (&mut self.people, &mut self.arrived);
        let (told, happened) = thread::scope(|scope| {
            let visitors: Vec<_> = (0..VISITORS)
                .map(|_| scope.spawn(move || visit(client, stop)))
                .collect();
            for person in people {
                scope.spawn(move || person.live(client, stop));
            }
            scope.spawn(move || collect(client, arrived, stop));
            let happened = happens();
            stop.store(true, Ordering::SeqCst);
            let told = visitors.into_iter().filter_map(|one| one.join().ok());
            (told.collect::<Vec<Told>>(), happened)
        });
        happened?;
        for one in told {
            self.writes += one.sessions.writes() + one.codes;
            self.pages += one.pages;
            self.codes += one.codes;
            *self.asked.entry(USER.to_owned()).or_default() += one.mails_asked;
            *self.promised.entry(USER.to_owned()).or_default() += one.mails_promised;
            report.losses.extend(one.losses);
            one.sessions.check(client, report);
        }
        Ok(())
    }

    /// Checks the accounts, and that every promised mail has arrived and none twice; prints what there was.
    pub(super) fn finish(mut self, report: &mut Report) {
        for person in &mut self.people {
            person.check(self.client, report);
            report.losses.append(&mut person.losses);
            self.writes += person.writes();
            for email in person.asked.drain(..) {
                *self.asked.entry(email).or_default() += 1;
            }
            for email in person.promised.drain(..) {
                *self.promised.entry(email).or_default() += 1;
            }
        }
        // The lease of a mail whose worker was killed ends after four minutes.
        for _ in 0..26 {
            if until("all mails", || self.have_arrived()).is_ok() {
                break;
            }
        }
        for (email, promised) in &self.promised {
            let arrived = self.arrived_at(email);
            report.expect(
                arrived >= *promised,
                format!("{promised} mails were promised to {email}, {arrived} arrived"),
            );
        }
        for (email, asked) in &self.asked {
            let arrived = self.arrived_at(email);
            report.expect(
                arrived <= *asked,
                format!("{asked} mails were asked for {email}, {arrived} arrived"),
            );
        }
        let credentials: usize = self.people.iter().map(|person| person.credentials).sum();
        println!(
            "  {} acknowledged writes, {} codes redeemed once, {credentials} credentials, {} account pages, {} mails",
            self.writes,
            self.codes,
            self.pages,
            self.arrived.len()
        );
    }

    fn have_arrived(&mut self) -> bool {
        take(self.client, &mut self.arrived);
        let mut promised = self.promised.iter();
        promised.all(|(email, promised)| self.arrived_at(email) >= *promised)
    }

    fn arrived_at(&self, email: &str) -> usize {
        self.arrived.values().filter(|to| *to == email).count()
    }
}

/// Takes the mails out of the mailbox before newer ones take their places there.
fn collect(client: Client, arrived: &mut BTreeMap<String, String>, stop: &AtomicBool) {
    while !stop.load(Ordering::SeqCst) {
        take(client, arrived);
        thread::sleep(Duration::from_millis(200));
    }
}

fn take(client: Client, arrived: &mut BTreeMap<String, String>) {
    let mails = client.received().into_iter();
    arrived.extend(mails.map(|mail| (mail.id, mail.to)));
}

/// Does what visitors of the site do until told to stop.
fn visit(client: Client, stop: &AtomicBool) -> Told {
    let mut told = Told::default();
    for turn in 0.. {
        if stop.load(Ordering::SeqCst) {
            break;
        }
        let Some(cookie) = client.sign_in() else {
            thread::sleep(Duration::from_millis(20));
            continue;
        };
        match client.status("GET /account", &cookie, "") {
            200 => told.pages += 1,
            303 => told
                .losses
                .push("a signed-in user was signed out".to_owned()),
            _ => {}
        }
        redeem_twice(client, &cookie, &mut told);
        if told.mails_asked < MAILS {
            told.mails_asked += 1;
            told.mails_promised += usize::from(client.asks_for_mail(USER));
        }
        if turn % 2 == 0 {
            told.sessions.signed_in.push(cookie);
        } else if client.sign_out(&cookie) {
            told.sessions.signed_out.push(cookie);
        }
    }
    told
}

/// Two pages redeem one code at once, through different connections; one gets the credential.
fn redeem_twice(client: Client, cookie: &str, told: &mut Told) {
    client.agree(cookie);
    let Some(code) = client.code(cookie) else {
        return;
    };
    let other = code.clone();
    let second = thread::spawn(move || client.redeem(&other));
    let redeemed = usize::from(client.redeem(&code)) + usize::from(second.join().unwrap_or(false));
    told.codes += usize::from(redeemed == 1);
    if redeemed == 2 {
        told.losses.push("a code was redeemed twice".to_owned());
    }
}
