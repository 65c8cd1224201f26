//! A log on a full disk: nothing but the log may suffer.

use std::collections::BTreeSet;
use std::fs;

use anyhow::{Context, Result};

use super::Report;
use super::stage::{Stage, until};
use crate::http_probe::{self, Request};

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
        client.status(
            "POST /forgot-password",
            "",
            "email=demo%40latchkey.localhost",
        );
        until("a mail", || sent(stage) >= mails)?;
    }
    Ok(report)
}

/// How many mails the sandbox has got; one that was sent again counts once, as mail servers recognize it by its ID.
pub(super) fn sent(stage: &Stage) -> usize {
    let request = Request {
        line: "GET /mailbox.json",
        host: &format!("localhost:{}", stage.ports.sandbox),
        headers: &[],
        body: "",
    };
    let page = http_probe::ask(stage.ports.sandbox, &request).map(|answer| answer.body);
    let page = String::from_utf8_lossy(&page.unwrap_or_default()).into_owned();
    let ids = page.split("\"message_id\":\"").skip(1);
    let ids: BTreeSet<&str> = ids.filter_map(|rest| rest.split('"').next()).collect();
    ids.len()
}
