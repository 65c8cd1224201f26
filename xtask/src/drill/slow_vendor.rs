//! A vendor that takes long for a credential, while its user signs out.

use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use super::Report;
use super::handoff::{CHANNELS, Channel};
use super::stage::{Client, Stage};
use crate::repo;

const ROUNDS: usize = 5;

/// How long the vendor takes. Less than this program waits for a response.
const DELAY: Duration = Duration::from_millis(1500);

/// Long enough for a request to reach the vendor.
const UNTIL_ASKED: Duration = Duration::from_millis(400);

/// No credential is given out after the sign-out, which does not wait for the vendor, and nothing hangs.
pub(super) fn run(stage: &mut Stage) -> Result<Report> {
    stage.start()?;
    let client = stage.client();
    let mut report = Report::default();
    let mut slow = 0;
    for _ in 0..ROUNDS {
        for channel in CHANNELS {
            report.tries += 1;
            let (cookie, path) = visitor(client)?;
            vendor_is(
                client,
                &format!("failure=slow&slowMilliseconds={}", DELAY.as_millis()),
            )?;
            let response = thread::scope(|scope| {
                let asked = scope.spawn(|| {
                    let began = Instant::now();
                    (client.request(channel, &path, &cookie), began.elapsed())
                });
                thread::sleep(UNTIL_ASKED);
                sign_out(client, &cookie, &mut report);
                asked.join()
            });
            let Ok((response, took)) = response else {
                bail!("A request could not be sent.");
            };
            let status = response.map_or(0, |response| response.status);
            report.expect(
                status != 200,
                format!("{channel:?}: a credential was given out"),
            );
            report.expect(
                status == 401,
                format!("{channel:?}: the status was {status}"),
            );
            slow += usize::from(took >= DELAY);
            report.expect(!client.is_signed_in(&cookie), "the session is back");
            vendor_is(client, "failure=none")?;
            works(client, channel, &mut report)?;
        }
    }
    if slow < report.tries {
        bail!(
            "The vendor was not slow in {} of {} tries.",
            report.tries - slow,
            report.tries
        );
    }
    Ok(report)
}

/// A session that has agreed, and the path of the vendor's endpoint.
fn visitor(client: Client) -> Result<(String, String)> {
    let cookie = client.sign_in().context("Cannot sign in.")?;
    if !client.agree(&cookie) {
        bail!("Cannot agree to a hand-off.");
    }
    let path = client.credential_path(&cookie);
    Ok((cookie, path.context("The popup's page has no endpoint.")?))
}

fn sign_out(client: Client, cookie: &str, report: &mut Report) {
    let began = Instant::now();
    report.expect(client.sign_out(cookie), "the sign-out failed");
    let page = client.status("GET /login", "", "");
    report.expect(page == 200, "a page failed meanwhile");
    report.expect(
        began.elapsed() < DELAY - UNTIL_ASKED,
        "the sign-out or a page waited for the vendor",
    );
}

/// With the vendor as fast as ever, a new session gets a credential.
fn works(client: Client, channel: Channel, report: &mut Report) -> Result<()> {
    let (cookie, path) = visitor(client)?;
    let response = client.request(channel, &path, &cookie);
    report.expect(
        response.is_some_and(|response| response.status == 200),
        format!("{channel:?}: no credential afterwards"),
    );
    Ok(())
}

/// Sets the switches of every vendor in the sandbox that has them.
fn vendor_is(client: Client, switches: &str) -> Result<()> {
    let vendors = repo::entries(&repo::root().join("server/src/vendors"))?;
    let names = vendors.iter().filter(|path| path.is_dir());
    let names = names.filter_map(|path| path.file_name()?.to_str());
    let set = names.filter(|name| {
        let response = client.send_to_sandbox(&format!("POST /{name}/control"), switches);
        response.is_some_and(|response| response.status == 303)
    });
    if set.count() == 0 {
        bail!("No vendor in the sandbox can be slow.");
    }
    Ok(())
}
