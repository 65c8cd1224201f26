//! The fields of an entry, in every form in which exports have them. What is null is missing.

use serde_json::{Map, Value};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use super::Rejection;
use crate::clock::Timestamp;

/// Times from this number on are in milliseconds: in seconds, it is the year 5138.
const MILLIS_FROM: i64 = 100_000_000_000;

/// A text; numbers count as what they are written as.
pub(super) fn text(
    entry: &Map<String, Value>,
    name: &'static str,
) -> Result<Option<String>, Rejection> {
    match entry.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone()).filter(|text| !text.is_empty())),
        Some(Value::Number(number)) => Ok(Some(number.to_string())),
        Some(_) => Err(Rejection::Field(name, "text")),
    }
}

/// A boolean, as such, as a word or as a digit; false if it is missing.
pub(super) fn flag(entry: &Map<String, Value>, name: &'static str) -> Result<bool, Rejection> {
    let wrong = Err(Rejection::Field(name, "true or false"));
    match entry.get(name) {
        None | Some(Value::Null) => Ok(false),
        Some(Value::Bool(flag)) => Ok(*flag),
        Some(Value::Number(number)) => match number.as_i64() {
            Some(0) => Ok(false),
            Some(1) => Ok(true),
            _ => wrong,
        },
        Some(Value::String(text)) => match text.trim().to_ascii_lowercase().as_str() {
            "" | "0" | "f" | "false" => Ok(false),
            "1" | "t" | "true" => Ok(true),
            _ => wrong,
        },
        Some(_) => wrong,
    }
}

/// A time: RFC 3339, the same with a space and in UTC as databases print it, or seconds or milliseconds since 1970.
pub(super) fn time(
    entry: &Map<String, Value>,
    name: &'static str,
) -> Result<Option<Timestamp>, Rejection> {
    let wrong = Rejection::Field(name, "a time, such as 2026-01-31T12:00:00Z");
    let Some(text) = text(entry, name)? else {
        return Ok(None);
    };
    let text = text.trim();
    if let Ok(number) = text.parse::<i64>() {
        let is_millis = number >= MILLIS_FROM;
        let millis = if is_millis {
            number
        } else {
            number.saturating_mul(1000)
        };
        return Ok(Some(Timestamp(millis)));
    }
    let text = text.replacen(' ', "T", 1);
    let parse = |text: &str| OffsetDateTime::parse(text, &Rfc3339);
    let at = parse(&text).or_else(|_| parse(&format!("{text}Z")));
    let at = at.map_err(|_| wrong)?;
    let millis = at.unix_timestamp_nanos() / 1_000_000;
    Ok(i64::try_from(millis).ok().map(Timestamp))
}

/// An object, as such or as JSON in a text; empty if it is missing.
pub(super) fn object(
    entry: &Map<String, Value>,
    name: &'static str,
) -> Result<Map<String, Value>, Rejection> {
    let wrong = Rejection::Field(name, "a JSON object");
    match entry.get(name) {
        None | Some(Value::Null) => Ok(Map::new()),
        Some(Value::Object(object)) => Ok(object.clone()),
        Some(Value::String(text)) if text.trim().is_empty() => Ok(Map::new()),
        Some(Value::String(text)) => serde_json::from_str(text).map_err(|_| wrong),
        Some(_) => Err(wrong),
    }
}

/// A field that must be there.
pub(super) fn required<T>(
    value: Option<T>,
    name: &'static str,
    kind: &'static str,
) -> Result<T, Rejection> {
    value.ok_or(Rejection::Field(name, kind))
}
