//! A log on a full disk: nothing but the log may suffer.

use std::fs;

use anyhow::{Context, Result};

use super::Report;
use super::stage::{Stage, USER, until};

pub(super) fn run(stage: &mut Stage) -> Result<Report> {
    fs::metadata("/dev/full").context("There is no /dev/full on this system.")?;
    stage.log_to("/dev/full");
    stage.set("RUST_LOG", "debug");
    stage.start()?;
    let client = stage.client();
    let mut report = Report::default();
    for mails in 1..=20 {
        report.tries += 1;
        let wrong = "email=demo%40latchkey.localhost&password=a+wrong+password";
        let status = client.status("POST /login", "", wrong);
        report.expect(
            status == 401,
            format!("a wrong password was answered with {status}"),
        );
        report.expect(client.sign_in().is_some(), "a sign-in failed");
        client.asks_for_mail(USER);
        until("a mail", || client.mails() >= mails)?;
    }
    Ok(report)
}
