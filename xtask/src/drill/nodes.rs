//! Three servers behind nginx on one PostgreSQL. While users do everything, a server is killed, PostgreSQL restarted, and
//! the servers restarted one by one.

use std::path::Path;
use std::thread;
use std::time::Duration;

use anyhow::Result;

use super::Report;
use super::cluster::Cluster;
use super::crowd::Crowd;
use super::nginx::Nginx;
use super::stage::Stage;
use crate::demo;
use crate::postgres::{Durability, Postgres};
use crate::programs::binary;

const ROUNDS: usize = 10;
pub(super) const NODES: usize = 3;

/// The paths whose protocol has one status for all that is not available, 500.
const HANDOFF: [&str; 2] = ["/api/", "/handoff"];

pub(super) fn run(stage: &mut Stage) -> Result<Report> {
    let mut postgres = Postgres::temporary(Durability::Durable)?;
    stage.settings.set("DATABASE_URL", postgres.url());
    stage.hash_cheaply();
    stage.trust_nginx();
    let program = binary("latchkey")?;
    let _sandbox = demo::start_sandbox(&stage.settings, stage.ports)?;
    let mut nodes = Cluster::start(&program, &stage.settings, NODES)?;
    let nginx = Nginx::start(stage.ports.site, &nodes.ports)?;
    let mut crowd = Crowd::new(stage.client());
    let mut report = Report::default();
    for round in 0..ROUNDS {
        crowd.during(&mut report, || {
            disturb(&mut nodes, &program, &mut postgres, round)
        })?;
        report.tries += 1;
    }
    crowd.finish(&mut report);
    nginx.check(&mut report, &HANDOFF)?;
    Ok(report)
}

fn disturb(
    nodes: &mut Cluster,
    program: &Path,
    postgres: &mut Postgres,
    round: usize,
) -> Result<()> {
    let pause = Duration::from_millis(300 + 70 * round as u64);
    thread::sleep(pause);
    nodes.kill(round % NODES, program)?;
    thread::sleep(pause);
    postgres.stop();
    postgres.start()?;
    thread::sleep(pause);
    for node in 0..NODES {
        nodes.replace(node, program)?;
    }
    thread::sleep(pause);
    Ok(())
}
