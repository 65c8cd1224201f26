//! The mail workers: they write and send the queued mails, and retry those that fail.

mod renderer;
mod smtp;
mod worker;

use crate::{mail::MailConfig, outbound::ExtraRoots};

pub use worker::MailWorker;

/// Whether the mail server lets this server in: it is connected to, and signed in to, and no mail is sent. `None`
/// without a mail server. An error is a sentence.
pub async fn check(config: &MailConfig, roots: &ExtraRoots) -> Option<Result<(), String>> {
    let smtp = config.smtp.as_ref()?;
    let client = match smtp::SmtpClient::new(smtp, roots) {
        Ok(client) => client,
        Err(error) => return Some(Err(format!("{error:#}"))),
    };
    let checked = client.check().await;
    Some(checked.map_err(|error| error.to_string()))
}
