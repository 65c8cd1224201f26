//! A mail server that accepts a connection and says nothing, and one that is well again.

use std::net::{Ipv4Addr, TcpListener};
use std::thread;
use std::time::Duration;

use anyhow::Result;

use super::Report;
use super::stage::{Stage, USER, until};

/// Mails wait while the server is mute, and none is lost.
pub(super) fn run(stage: &mut Stage) -> Result<Report> {
    let mute = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let through = mute.local_addr()?.port();
    let smtp = stage.ports.smtp;
    // Three connections get no response; the others reach the sandbox.
    thread::spawn(move || {
        let mut silent = Vec::new();
        for (number, stream) in mute.incoming().flatten().enumerate() {
            if [0, 2, 4].contains(&number) {
                silent.push(stream);
                continue;
            }
            let Ok(server) = std::net::TcpStream::connect((Ipv4Addr::LOCALHOST, smtp)) else {
                continue;
            };
            let Ok((back, forth)) = server
                .try_clone()
                .and_then(|a| Ok((a, stream.try_clone()?)))
            else {
                continue;
            };
            thread::spawn(move || std::io::copy(&mut &stream, &mut &server));
            thread::spawn(move || std::io::copy(&mut &back, &mut &forth));
        }
    });
    stage.set("SMTP_URL", &format!("smtp://127.0.0.1:{through}"));
    stage.start()?;
    let client = stage.client();
    let mut report = Report::default();
    for _ in 0..6 {
        report.tries += 1;
        client.asks_for_mail(USER);
        thread::sleep(Duration::from_millis(200));
    }
    until("the mails that were not stuck", || client.mails() >= 3)?;
    for _ in 0..12 {
        if until("all mails", || client.mails() >= report.tries).is_ok() {
            return Ok(report);
        }
    }
    let arrived = client.mails();
    report.expect(
        arrived == report.tries,
        format!("only {arrived} mails arrived"),
    );
    Ok(report)
}
