//! A received mail, parsed as far as the pages and tests need it.

use mail_parser::{MessageParser, PartType};
use serde::Serialize;

use crate::clock::rfc3339;

/// A received mail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Message {
    /// Counts up from 1; unique within one run.
    pub id: u64,
    /// The address in `From:`, or the envelope's sender if there is none.
    pub from: String,
    /// The envelope's recipients, which include blind copies.
    pub to: Vec<String>,
    /// The ID in `Message-ID:`; empty if the mail has none. A mail that was sent twice has it twice.
    pub message_id: String,
    /// Empty if the mail has none.
    pub subject: String,
    /// The body as plain text with LF line ends, converted from the HTML if there is no text part.
    pub text: String,
    /// The HTML part, if there is one.
    pub html: Option<String>,
    /// When it arrived, as an ISO date in UTC.
    pub date: String,
}

/// What an SMTP client delivers.
pub(crate) struct Envelope {
    pub(crate) from: String,
    pub(crate) to: Vec<String>,
    pub(crate) data: Vec<u8>,
}

impl Message {
    /// Parses a mail that arrived at `now` (Unix seconds). Never fails: what cannot be parsed is
    /// shown as it came.
    pub(super) fn parse(id: u64, envelope: Envelope, now: u64) -> Self {
        let parsed = MessageParser::default().parse(&envelope.data);
        let author = parsed
            .as_ref()
            .and_then(|mail| mail.from()?.first()?.address());
        let text = parsed.as_ref().and_then(|mail| mail.body_text(0));
        let message_id = parsed.as_ref().and_then(|mail| mail.message_id());
        let html = parsed
            .as_ref()
            .and_then(|mail| match &mail.html_bodies().next()?.body {
                PartType::Html(html) => Some(html.to_string()),
                _ => None,
            });
        Self {
            id,
            from: author.map_or(envelope.from, str::to_owned),
            to: envelope.to,
            message_id: message_id.unwrap_or_default().to_owned(),
            subject: parsed
                .as_ref()
                .and_then(|mail| mail.subject())
                .unwrap_or_default()
                .to_owned(),
            text: text
                .unwrap_or_else(|| String::from_utf8_lossy(&envelope.data))
                .replace("\r\n", "\n"),
            html,
            date: rfc3339(now),
        }
    }

    /// Whether it was delivered to this address, compared without regard to case.
    pub fn is_for(&self, address: &str) -> bool {
        self.to.iter().any(|to| to.eq_ignore_ascii_case(address))
    }
}
