//! Restarts the server behind a socket that stays open, as systemd's does, while clients connect all the time.

use std::io::ErrorKind;
use std::net::{Ipv4Addr, TcpListener};
use std::os::fd::AsRawFd;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result};
use rustix::io::{FdFlags, fcntl_setfd};

use super::Report;
use super::kill::Acknowledged;
use super::stage::{Client, Stage};

const RESTARTS: usize = 10;
const CLIENTS: usize = 50;

/// The time between two restarts.
const PAUSE: Duration = Duration::from_secs(2);

/// After how many pages a client signs in anew.
const PAGES: usize = 20;

/// What became of the clients' connections.
#[derive(Default)]
struct Connections {
    answered: AtomicUsize,
    refused: AtomicUsize,
    /// Accepted, and closed without a response: the server stopped before it had read the request.
    closed: AtomicUsize,
}

pub(super) fn run(stage: &mut Stage) -> Result<Report> {
    let address = (Ipv4Addr::LOCALHOST, stage.ports.site);
    let socket = TcpListener::bind(address).context("The site's port is taken.")?;
    fcntl_setfd(&socket, FdFlags::empty()).context("A child cannot inherit the socket.")?;
    stage.set("LISTEN_FDS", "1");
    stage.set("LISTEN_FDS_FIRST_FD", &socket.as_raw_fd().to_string());
    stage.hash_cheaply();
    stage.start()?;
    let (client, stop) = (stage.client(), AtomicBool::new(false));
    let connections = Connections::default();
    let mut report = Report::default();
    let told = thread::scope(|scope| {
        let clients: Vec<_> = (0..CLIENTS)
            .map(|_| scope.spawn(|| visit(client, &connections, &stop)))
            .collect();
        let restarted = (0..RESTARTS).try_for_each(|_| {
            thread::sleep(PAUSE);
            report.tries += 1;
            stage.stop_server()?;
            stage.start_server()
        });
        stop.store(true, Ordering::SeqCst);
        let told = clients.into_iter().filter_map(|one| one.join().ok());
        let told: Vec<Acknowledged> = told.collect();
        restarted.map(|()| told)
    })?;
    let count = |counter: &AtomicUsize| counter.load(Ordering::SeqCst);
    let refused = count(&connections.refused);
    report.expect(refused == 0, format!("{refused} connections were refused"));
    let closed = count(&connections.closed);
    report.expect(
        closed == 0,
        format!("{closed} connections were closed without a response"),
    );
    for one in &told {
        one.check(client, &mut report);
    }
    println!(
        "  {} responses, {} acknowledged writes",
        count(&connections.answered),
        told.iter().map(Acknowledged::writes).sum::<usize>(),
    );
    Ok(report)
}

/// Loads pages on connections of their own, and signs in and out, until told to stop.
fn visit(client: Client, connections: &Connections, stop: &AtomicBool) -> Acknowledged {
    let mut told = Acknowledged::default();
    while !stop.load(Ordering::SeqCst) {
        let session = client.sign_in();
        for _ in 0..PAGES {
            let counter =
                match client.try_send("GET /account", session.as_deref().unwrap_or_default(), "") {
                    Ok(response) if response.status > 0 => &connections.answered,
                    Err(error) if error.kind() == ErrorKind::ConnectionRefused => {
                        &connections.refused
                    }
                    _ => &connections.closed,
                };
            counter.fetch_add(1, Ordering::SeqCst);
        }
        told.signed_in.extend(session);
    }
    told
}
