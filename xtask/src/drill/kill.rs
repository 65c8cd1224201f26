//! Kills the server amid writes. Every sign-in that it has acknowledged must live afterwards, and every session
//! that it has ended must stay dead.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use anyhow::Result;

use super::Report;
use super::stage::{Client, Stage};

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
    let mut writes = 0;
    for kill in 0..KILLS {
        let stop = AtomicBool::new(false);
        let acknowledged = thread::scope(|scope| -> Result<Vec<Acknowledged>> {
            let clients: Vec<_> = (0..CLIENTS)
                .map(|_| scope.spawn(|| write(client, &stop)))
                .collect();
            thread::sleep(Duration::from_millis(100 + 7 * kill as u64));
            let restarted = stage.kill_and_restart();
            stop.store(true, Ordering::SeqCst);
            let acknowledged = clients.into_iter().filter_map(|one| one.join().ok());
            let acknowledged = acknowledged.collect();
            restarted.map(|()| acknowledged)
        })?;
        report.tries += 1;
        for one in &acknowledged {
            writes += one.writes();
            one.check(client, &mut report);
        }
    }
    println!("  {writes} acknowledged writes");
    Ok(report)
}

/// Signs in, and out of every second session, until told to stop.
fn write(client: Client, stop: &AtomicBool) -> Acknowledged {
    let mut acknowledged = Acknowledged::default();
    for turn in 0.. {
        if stop.load(Ordering::SeqCst) {
            break;
        }
        let Some(cookie) = client.sign_in() else {
            thread::sleep(Duration::from_millis(20));
            continue;
        };
        if turn % 2 == 0 {
            acknowledged.signed_in.push(cookie);
        } else if client.sign_out(&cookie) {
            acknowledged.signed_out.push(cookie);
        }
    }
    acknowledged
}
