//! Writes the audit log for other programs.

use std::io::{self, Write};

use serde_json::{Map, Value};

use super::store::{self, Entry, UseEntry};
use crate::{
    clock::Timestamp,
    database::{Reader, StorageError},
};

/// How many entries are read at once.
const PAGE: u32 = 1000;

/// The columns, in their order.
const COLUMNS: [&str; 12] = [
    "at",
    "kind",
    "actor",
    "subject",
    "detail",
    "client",
    "user_agent",
    "request_id",
    "vendor",
    "site",
    "day",
    "uses",
];

/// How entries are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// One JSON object a line, without what an entry does not have.
    Jsonl,
    /// Comma-separated values, after a line with the names.
    Csv,
}

/// Why the audit log was not written to its end.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    #[error(transparent)]
    Storage(#[from] StorageError),
    #[error("cannot write the audit log: {0}")]
    Output(#[from] io::Error),
}

/// Writes the events at `since` or later, the oldest first, and then the counts of credentials that were last issued
/// at `since` or later.
///
/// # Errors
/// If the database is unavailable, or the output cannot be written.
pub async fn export(
    reader: &Reader,
    since: Timestamp,
    format: Format,
    output: &mut impl Write,
) -> Result<(), ExportError> {
    if format == Format::Csv {
        writeln!(output, "{}", COLUMNS.join(","))?;
    }
    let before = Timestamp(since.0.saturating_sub(1));
    // No ID is greater, so that the first event is later.
    let mut after = (before, "~".to_owned());
    loop {
        let events = store::events_after(reader, (after.0, &after.1), PAGE).await?;
        let Some(last) = events.last() else { break };
        after = (last.at, last.id.clone());
        for event in events {
            write(format, event_values(event), output)?;
        }
    }
    let mut after = before;
    loop {
        let uses = next_uses(reader, after).await?;
        let Some(last) = uses.last() else { break };
        after = last.last_at;
        for entry in uses {
            write(format, use_values(entry), output)?;
        }
    }
    Ok(output.flush()?)
}

/// The next counts, with all of those that have the same time as the last one.
async fn next_uses(reader: &Reader, after: Timestamp) -> Result<Vec<UseEntry>, StorageError> {
    let mut uses = store::uses_after(reader, after, PAGE).await?;
    if let Some(last) = uses.last().map(|entry| entry.last_at)
        && uses.len() == PAGE as usize
    {
        uses.retain(|entry| entry.last_at != last);
        uses.extend(store::uses_at(reader, last).await?);
    }
    Ok(uses)
}

fn event_values(event: Entry) -> [Value; COLUMNS.len()] {
    let text = |text: Option<String>| text.map_or(Value::Null, Value::String);
    [
        text(event.at.rfc3339()),
        event.kind.into(),
        text(event.actor),
        text(event.subject),
        text(event.detail),
        text(event.client),
        text(event.user_agent),
        text(event.request_id),
        Value::Null,
        Value::Null,
        Value::Null,
        Value::Null,
    ]
}

fn use_values(entry: UseEntry) -> [Value; COLUMNS.len()] {
    [
        entry.last_at.rfc3339().map_or(Value::Null, Value::String),
        "credentials".into(),
        entry.user_id.clone().into(),
        entry.user_id.into(),
        Value::Null,
        Value::Null,
        Value::Null,
        Value::Null,
        entry.vendor.into(),
        entry.site.into(),
        entry.day.into(),
        entry.uses.into(),
    ]
}

fn write(
    format: Format,
    values: [Value; COLUMNS.len()],
    output: &mut impl Write,
) -> io::Result<()> {
    match format {
        Format::Jsonl => {
            let named = COLUMNS.iter().map(ToString::to_string).zip(values);
            let known: Map<String, Value> = named.filter(|(_, value)| !value.is_null()).collect();
            writeln!(output, "{}", Value::Object(known))
        }
        Format::Csv => {
            let cells: Vec<String> = values.iter().map(cell).collect();
            writeln!(output, "{}", cells.join(","))
        }
    }
}

/// A value in quotes (RFC 4180). One that a spreadsheet would take for a formula begins with an apostrophe, since
/// clients choose their `User-Agent`.
fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => {
            let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
            let mark = if formula { "'" } else { "" };
            format!("\"{mark}{}\"", text.replace('"', "\"\""))
        }
        other => other.to_string(),
    }
}
