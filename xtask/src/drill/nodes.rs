//! Three servers behind nginx on one PostgreSQL. While clients sign in and out, redeem codes for credentials, and ask for
//! mails, a server is killed, PostgreSQL restarted, and the servers restarted one by one as for an upgrade.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use anyhow::Result;

use super::Report;
use super::kill::Acknowledged;
use super::nginx::Nginx;
use super::stage::{Client, Stage, until};
use crate::demo;
use crate::postgres::{self, Durability, Postgres};
use crate::process::Service;
use crate::settings::Settings;

const ROUNDS: usize = 10;
const NODES: usize = 3;
const CLIENTS: usize = 4;

/// How many mails a client asks for in a round.
const MAILS: usize = 2;

/// What the servers have told one client.
#[derive(Default)]
struct Told {
    sessions: Acknowledged,
    pages: usize,
    codes: usize,
    mails: usize,
    /// Mails that were asked for, whatever the response was.
    mails_asked_for: usize,
    losses: Vec<String>,
}

pub(super) fn run(stage: &mut Stage) -> Result<Report> {
    let mut postgres = Postgres::temporary(Durability::Durable)?;
    stage.settings.use_database(&postgres.url());
    for (name, value) in [
        ("LATCHKEY_ARGON2_MEMORY_KIB", "7168"),
        ("LATCHKEY_ARGON2_PASSES", "1"),
        ("LATCHKEY_TRUSTED_PROXIES", "127.0.0.1"),
        ("LATCHKEY_LIMIT_CODES_BURST", "1000000"),
    ] {
        stage.set(name, value);
    }
    let _sandbox = demo::start_sandbox(&stage.settings, stage.ports)?;
    let mut nodes = Nodes::start(&stage.settings)?;
    let _nginx = Nginx::start(stage.ports.site, &nodes.ports)?;
    let client = stage.client();
    let mut report = Report::default();
    let (mut writes, mut pages, mut codes) = (0, 0, 0);
    let (mut mails, mut mails_asked_for) = (0, 0);
    for round in 0..ROUNDS {
        let stop = AtomicBool::new(false);
        let told = thread::scope(|scope| -> Result<Vec<Told>> {
            let clients: Vec<_> = (0..CLIENTS)
                .map(|_| scope.spawn(|| act(client, &stop)))
                .collect();
            let disturbed = disturb(&mut nodes, &mut postgres, round);
            stop.store(true, Ordering::SeqCst);
            let told = clients
                .into_iter()
                .filter_map(|one| one.join().ok())
                .collect();
            disturbed.map(|()| told)
        })?;
        report.tries += 1;
        for one in told {
            writes += one.sessions.writes() + one.codes;
            pages += one.pages;
            codes += one.codes;
            mails += one.mails;
            mails_asked_for += one.mails_asked_for;
            report.losses.extend(one.losses);
            one.sessions.check(client, &mut report);
        }
    }
    // The lease of a mail whose worker was killed ends after four minutes.
    for _ in 0..26 {
        if until("all mails", || client.mails() >= mails).is_ok() {
            break;
        }
    }
    let arrived = client.mails();
    report.expect(
        arrived >= mails,
        format!("{mails} mails were promised, {arrived} arrived"),
    );
    report.expect(
        arrived <= mails_asked_for,
        format!("{mails_asked_for} mails were asked for, {arrived} arrived"),
    );
    println!(
        "  {writes} acknowledged writes, {codes} codes redeemed once, {pages} account pages, {arrived} mails"
    );
    Ok(report)
}

/// The servers, and the ports on which they listen.
struct Nodes<'a> {
    settings: &'a Settings,
    ports: Vec<u16>,
    services: Vec<Service>,
}

impl<'a> Nodes<'a> {
    fn start(settings: &'a Settings) -> Result<Self> {
        let ports: Vec<u16> = (0..NODES)
            .map(|_| postgres::free_port())
            .collect::<Result<_>>()?;
        let services = ports.iter().map(|port| demo::start_node(settings, *port));
        Ok(Self {
            settings,
            services: services.collect::<Result<_>>()?,
            ports,
        })
    }

    fn kill(&mut self, node: usize) -> Result<()> {
        self.services[node].kill();
        self.restart(node)
    }

    /// As for an upgrade: the server ends its requests first.
    fn replace(&mut self, node: usize) -> Result<()> {
        self.services[node].stop();
        self.restart(node)
    }

    fn restart(&mut self, node: usize) -> Result<()> {
        self.services[node] = demo::start_node(self.settings, self.ports[node])?;
        Ok(())
    }
}

fn disturb(nodes: &mut Nodes<'_>, postgres: &mut Postgres, round: usize) -> Result<()> {
    let pause = Duration::from_millis(300 + 70 * round as u64);
    thread::sleep(pause);
    nodes.kill(round % NODES)?;
    thread::sleep(pause);
    postgres.stop();
    postgres.start()?;
    thread::sleep(pause);
    for node in 0..NODES {
        nodes.replace(node)?;
    }
    thread::sleep(pause);
    Ok(())
}

/// Does what users do until told to stop.
fn act(client: Client, stop: &AtomicBool) -> Told {
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
        if told.mails_asked_for < MAILS {
            told.mails_asked_for += 1;
            told.mails += usize::from(client.asks_for_mail());
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
