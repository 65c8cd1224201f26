//! Kills the server amid writes. Everything that it has acknowledged must hold afterwards: sessions live or stay dead,
//! names are stored, and mails arrive.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use anyhow::Result;

use super::Report;
use super::stage::{Client, Stage};
use super::writes::{USERS, Writes, check_mails};

const KILLS: usize = 50;
const CLIENTS: usize = 4;

/// The sessions that servers have acknowledged to one client.
#[derive(Default)]
pub(super) struct Acknowledged {
    pub(super) signed_in: Vec<String>,
    pub(super) signed_out: Vec<String>,
}

impl Acknowledged {
    /// The number of writes.
    pub(super) fn writes(&self) -> usize {
        self.signed_in.len() + 2 * self.signed_out.len()
    }

    /// Every session that began must live, and every one that ended must stay dead.
    pub(super) fn check(&self, client: Client, report: &mut Report) {
        for cookie in &self.signed_in {
            report.expect(
                client.is_signed_in(cookie),
                "an acknowledged sign-in is gone",
            );
        }
        for cookie in &self.signed_out {
            report.expect(!client.is_signed_in(cookie), "a signed-out session is back");
        }
    }
}

pub(super) fn run(stage: &mut Stage) -> Result<Report> {
    stage.hash_cheaply();
    stage.start()?;
    let client = stage.client();
    let mut report = Report::default();
    let (mut writes, mut mails) = (0, 0);
    for kill in 0..KILLS {
        let stop = AtomicBool::new(false);
        let acknowledged = thread::scope(|scope| -> Result<Vec<Writes>> {
            let clients: Vec<_> = (0..CLIENTS)
                .map(|number| {
                    let user = USERS[number % USERS.len()];
                    let mut writes = Writes::new(client, user, CLIENTS * kill + number);
                    writes.may_die = true;
                    writes.renames = number < USERS.len();
                    // The mailbox keeps the newest mails only.
                    writes.turns_with_mails = usize::from(number == 0);
                    scope.spawn(|| write(writes, &stop))
                })
                .collect();
            thread::sleep(Duration::from_millis(100 + 7 * kill as u64));
            let restarted = stage.kill_and_restart();
            stop.store(true, Ordering::SeqCst);
            let acknowledged = clients.into_iter().filter_map(|one| one.join().ok());
            let acknowledged = acknowledged.collect();
            restarted.map(|()| acknowledged)
        })?;
        report.tries += 1;
        for mut one in acknowledged {
            writes += one.writes();
            mails += one.mails;
            one.check(&mut report);
        }
    }
    check_mails(client, mails, &mut report);
    println!("  {writes} acknowledged writes, {mails} of them mails");
    Ok(report)
}

/// Sends requests until told to stop.
fn write(mut writes: Writes, stop: &AtomicBool) -> Writes {
    while !stop.load(Ordering::SeqCst) {
        if writes.begin() {
            writes.turn();
        } else {
            thread::sleep(Duration::from_millis(20));
        }
    }
    writes
}
