//! When a credential expires, in each form in which the vendor may write it.

use serde_json::Value;
use time::{
    OffsetDateTime, PrimitiveDateTime,
    format_description::well_known::{Iso8601, Rfc2822},
};

use crate::clock::Timestamp;

/// Numbers from here on are milliseconds; in seconds, this is in the year 5138.
const MILLISECONDS_FROM: f64 = 1e11;

/// An expiry that can be read.
#[derive(Debug, PartialEq)]
pub(super) struct Expiry {
    pub(super) at: Timestamp,
    /// The date with its time zone, if the vendor left it out. Browsers would read it in the visitor's.
    pub(super) completed: Option<String>,
}

/// Reads seconds or milliseconds since the Unix epoch, as a number or a string, and ISO 8601 dates, which are in
/// UTC unless they have a time zone.
pub(super) fn read(value: &Value) -> Option<Expiry> {
    let Some(text) = value.as_str().map(str::trim) else {
        return at_number(value.as_f64()?);
    };
    if let Ok(number) = text.parse() {
        return at_number(number);
    }
    // Some write a space between date and time.
    let iso = text.replacen(' ', "T", 1);
    if let Ok(date) = OffsetDateTime::parse(&iso, &Iso8601::PARSING) {
        return at(date, None);
    }
    let date = PrimitiveDateTime::parse(&iso, &Iso8601::PARSING).ok()?;
    at(date.assume_utc(), Some(format!("{iso}Z")))
}

/// The time of a response by its sender's clock, from its `Date` header (RFC 9110, section 6.6.1).
pub(super) fn read_http_date(text: &str) -> Option<Timestamp> {
    let date = OffsetDateTime::parse(text, &Rfc2822).ok()?;
    at(date, None).map(|expiry| expiry.at)
}

fn at_number(number: f64) -> Option<Expiry> {
    let millis = match number < MILLISECONDS_FROM {
        true => number * 1000.0,
        false => number,
    };
    let seconds = time::Duration::checked_seconds_f64(millis / 1000.0)?;
    at(OffsetDateTime::UNIX_EPOCH.checked_add(seconds)?, None)
}

fn at(date: OffsetDateTime, completed: Option<String>) -> Option<Expiry> {
    let millis = i64::try_from(date.unix_timestamp_nanos() / 1_000_000).ok()?;
    let at = Timestamp(millis);
    (millis > 0).then_some(Expiry { at, completed })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// 22 November 2026, 10:10:00 UTC.
    const AT: i64 = 1_795_342_200;

    #[test]
    fn every_form_of_a_time_is_the_same_time() {
        for (value, fraction) in [
            (json!(AT), 0),
            (json!(AT * 1000), 0),
            (json!(AT * 1000 + 250), 250),
            (json!(AT as f64 + 0.25), 250),
            (json!(AT.to_string()), 0),
            (json!(format!("{AT}.250")), 250),
            (json!((AT * 1000).to_string()), 0),
            (json!("2026-11-22T10:10:00Z"), 0),
            (json!("2026-11-22T10:10:00.25Z"), 250),
            (json!("2026-11-22T10:10:00.250000+00:00"), 250),
            (json!("2026-11-22T12:10:00+02:00"), 0),
            (json!("2026-11-22T02:10-08:00"), 0),
            (json!("2026-11-22 10:10:00Z"), 0),
            (json!(" 2026-11-22T10:10:00Z "), 0),
        ] {
            let read = read(&value);
            let at = Timestamp(AT * 1000 + fraction);
            let completed = None;
            assert_eq!(read, Some(Expiry { at, completed }), "{value}");
        }
    }

    #[test]
    fn a_date_without_a_time_zone_is_in_utc_and_says_so_to_the_page() {
        for (text, completed) in [
            ("2026-11-22T10:10:00", "2026-11-22T10:10:00Z"),
            ("2026-11-22T10:10:00.000", "2026-11-22T10:10:00.000Z"),
            ("2026-11-22 10:10:00", "2026-11-22T10:10:00Z"),
        ] {
            let read = read(&json!(text)).unwrap();
            assert_eq!(read.at, Timestamp(AT * 1000), "{text}");
            assert_eq!(read.completed.as_deref(), Some(completed));
        }
    }

    #[test]
    fn what_is_no_time_is_none() {
        for value in [
            json!("soon"),
            json!(""),
            json!(0),
            json!(-5),
            json!(1e300),
            json!(true),
            json!([AT]),
        ] {
            assert_eq!(read(&value), None, "{value}");
        }
    }

    #[test]
    fn the_date_of_a_response_is_read() {
        let read = read_http_date("Sun, 22 Nov 2026 10:10:00 GMT");
        assert_eq!(read, Some(Timestamp(AT * 1000)));
        assert_eq!(read_http_date("now"), None);
    }
}
