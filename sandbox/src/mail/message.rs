//! One received mail, parsed as far as people and tests need it.

use mail_parser::MessageParser;
use serde::Serialize;

use crate::clock::rfc3339;

/// A received mail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Message {
    /// Counts up from 1; never used twice in one run.
    pub id: u64,
    /// The author's address, or the envelope's if the mail names none.
    pub from: String,
    /// The addresses the mail was handed in for, blind copies included.
    pub to: Vec<String>,
    /// Empty if the mail has none.
    pub subject: String,
    /// The body as plain text with LF line ends; made from the HTML if there is nothing else.
    pub text: String,
    /// When it arrived, as an ISO date in UTC.
    pub date: String,
}

/// What an SMTP client hands in.
pub(crate) struct Envelope {
    pub(crate) from: String,
    pub(crate) to: Vec<String>,
    pub(crate) data: Vec<u8>,
}

impl Message {
    /// Reads a mail that arrived at `now` (Unix seconds). Never fails: what cannot be parsed is
    /// shown as it came.
    pub(super) fn parse(id: u64, envelope: Envelope, now: u64) -> Self {
        let parsed = MessageParser::default().parse(&envelope.data);
        let author = parsed
            .as_ref()
            .and_then(|mail| mail.from()?.first()?.address());
        let text = parsed.as_ref().and_then(|mail| mail.body_text(0));
        Self {
            id,
            from: author.map_or(envelope.from, str::to_owned),
            to: envelope.to,
            subject: parsed
                .as_ref()
                .and_then(|mail| mail.subject())
                .unwrap_or_default()
                .to_owned(),
            text: text
                .unwrap_or_else(|| String::from_utf8_lossy(&envelope.data))
                .replace("\r\n", "\n"),
            date: rfc3339(now),
        }
    }

    /// Whether it was handed in for this address; upper and lower case are the same.
    pub fn is_for(&self, address: &str) -> bool {
        self.to.iter().any(|to| to.eq_ignore_ascii_case(address))
    }
}
