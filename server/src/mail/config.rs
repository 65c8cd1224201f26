//! The settings of mail.

use lettre::message::Mailbox;
use secrecy::{ExposeSecret, SecretString};

use crate::config::{HttpConfig, Source};

/// The settings of mail. Without an SMTP server, mails stay in the queue.
#[derive(Clone, Debug)]
pub struct MailConfig {
    pub smtp: Option<SmtpConfig>,
    /// `MAIL_FROM`: the sender, such as `Example <no-reply@example.com>`.
    pub from: Mailbox,
}

/// An SMTP server.
#[derive(Clone, Debug)]
pub struct SmtpConfig {
    /// `SMTP_URL` (or `SMTP_URL_FILE`): `smtps://user:password@host:465`, `smtp://host:587?tls=required`, or plain
    /// `smtp://localhost:25`. A secret, since it carries the password.
    pub url: SecretString,
}

impl MailConfig {
    pub(crate) fn from_source(source: &Source, http: &HttpConfig) -> Self {
        let default_from = format!("no-reply@{}", http.cookie_domain);
        let from = source.text("MAIL_FROM").unwrap_or(default_from);
        let from = from.parse().unwrap_or_else(|_| {
            source.problem(
                "MAIL_FROM",
                "must be a mail address such as Example <no-reply@example.com>",
            );
            placeholder()
        });
        let smtp = source.secret("SMTP_URL").map(|url| SmtpConfig { url });
        if let Some(smtp) = &smtp {
            let scheme = smtp
                .url
                .expose_secret()
                .split_once("://")
                .map(|(scheme, _)| scheme);
            if !matches!(scheme, Some("smtp" | "smtps")) {
                source.problem("SMTP_URL", "must begin with smtp:// or smtps://");
            }
        } else if http.is_production() {
            source.problem(
                "SMTP_URL",
                "must name a mail server in production, such as smtps://user:password@host:465",
            );
        }
        Self { smtp, from }
    }
}

#[expect(
    clippy::expect_used,
    reason = "the constant is an address; a test would fail first"
)]
fn placeholder() -> Mailbox {
    "no-reply@localhost".parse().expect("an address")
}
