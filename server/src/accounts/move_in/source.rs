//! Reads the users of a file one by one, however large it is.

use std::{
    fmt,
    fs::File,
    io::{self, BufRead, BufReader, Read},
    path::Path,
};

use serde::{
    Deserializer as _,
    de::{DeserializeSeed, IgnoredAny, MapAccess, SeqAccess, Visitor},
};
use serde_json::{Map, Value};

use super::candidate::Rejection;

/// The longest line, in bytes.
const MAX_LINE: u64 = 1024 * 1024;

/// How much of a file is looked at to tell what it is.
const HEAD: usize = 64 * 1024;

/// How the users of a file are separated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Layout {
    /// A JSON object a line.
    Lines,
    /// One JSON document: a list, or an object in which `users` is one.
    Document,
    /// Comma-separated values after a line with the names.
    Csv,
}

/// What a file has in the place of a user.
pub(super) type Entry = Result<Map<String, Value>, Rejection>;

/// The beginning of a file as text, and its layout.
pub(super) fn look(path: &Path) -> io::Result<(String, Layout)> {
    let mut head = Vec::new();
    File::open(path)?.take(HEAD as u64).read_to_end(&mut head)?;
    let head = String::from_utf8_lossy(&head).into_owned();
    let begin = without_mark(&head).trim_start();
    let first = begin.lines().next().unwrap_or_default();
    let layout = if begin.starts_with(['[', '{']) {
        match serde_json::from_str::<Map<String, Value>>(first) {
            Ok(object) if !object.contains_key("users") => Layout::Lines,
            _ => Layout::Document,
        }
    } else {
        Layout::Csv
    };
    Ok((head, layout))
}

/// Calls `each` for every entry of a file, with where it is, until that returns false.
///
/// # Errors
/// If the file cannot be read, or is damaged beyond a single entry.
pub(super) fn read(
    path: &Path,
    layout: Layout,
    each: &mut dyn FnMut(u64, Entry) -> bool,
) -> io::Result<()> {
    let file = BufReader::new(File::open(path)?);
    match layout {
        Layout::Lines => read_lines(file, each),
        Layout::Document => read_document(file, each),
        Layout::Csv => read_csv(file, each),
    }
}

fn read_lines(mut file: impl BufRead, each: &mut dyn FnMut(u64, Entry) -> bool) -> io::Result<()> {
    let mut line = Vec::new();
    for number in 1.. {
        line.clear();
        if file.by_ref().take(MAX_LINE).read_until(b'\n', &mut line)? == 0 {
            break;
        }
        let is_cut = line.len() as u64 == MAX_LINE && !line.ends_with(b"\n");
        if is_cut {
            file.skip_until(b'\n')?;
        }
        let text = String::from_utf8_lossy(&line);
        let text = without_mark(&text).trim();
        if text.is_empty() {
            continue;
        }
        let entry = serde_json::from_str(text).map_err(|_| Rejection::Unreadable("a JSON object"));
        if !each(number, entry) {
            break;
        }
    }
    Ok(())
}

fn read_csv(file: impl Read, each: &mut dyn FnMut(u64, Entry) -> bool) -> io::Result<()> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(file);
    let names: Vec<String> = reader
        .headers()?
        .iter()
        .map(|name| without_mark(name).trim().to_owned())
        .collect();
    let mut record = csv::StringRecord::new();
    // The line, unless values have line breaks.
    for number in 2.. {
        let entry = match reader.read_record(&mut record) {
            Ok(false) => return Ok(()),
            Ok(true) if record.len() == names.len() => Ok(names
                .iter()
                .zip(&record)
                .filter(|(_, value)| !value.is_empty())
                .map(|(name, value)| (name.clone(), value.into()))
                .collect()),
            Ok(true) => Err(Rejection::Unreadable("a line with as many values as names")),
            Err(error) if error.is_io_error() => return Err(error.into()),
            Err(_) => Err(Rejection::Unreadable("UTF-8")),
        };
        if !each(number, entry) {
            break;
        }
    }
    Ok(())
}

fn read_document(file: impl BufRead, each: &mut dyn FnMut(u64, Entry) -> bool) -> io::Result<()> {
    let mut stopped = false;
    let mut document = serde_json::Deserializer::from_reader(file);
    let outcome = document.deserialize_any(Document {
        each,
        stopped: &mut stopped,
    });
    match outcome {
        Err(error) if !stopped => Err(error.into()),
        _ => Ok(()),
    }
}

/// Visits the list of users in a document.
struct Document<'a> {
    each: &'a mut dyn FnMut(u64, Entry) -> bool,
    stopped: &'a mut bool,
}

impl<'de> Visitor<'de> for Document<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of users, or an object in which `users` is one")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        let mut number = 0;
        while let Some(value) = list.next_element::<Value>()? {
            number += 1;
            let entry = match value {
                Value::Object(object) => Ok(object),
                _ => Err(Rejection::Unreadable("a JSON object")),
            };
            if !(self.each)(number, entry) {
                *self.stopped = true;
                return Err(serde::de::Error::custom("stopped"));
            }
        }
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut object: A) -> Result<(), A::Error> {
        while let Some(name) = object.next_key::<String>()? {
            if name == "users" {
                object.next_value_seed(&mut self)?;
            } else {
                object.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }
}

impl<'de> DeserializeSeed<'de> for &mut Document<'_> {
    type Value = ();

    fn deserialize<D: serde::Deserializer<'de>>(self, list: D) -> Result<(), D::Error> {
        list.deserialize_seq(Document {
            each: &mut *self.each,
            stopped: &mut *self.stopped,
        })
    }
}

/// Programs of Windows put a byte order mark in front.
fn without_mark(text: &str) -> &str {
    text.strip_prefix('\u{feff}').unwrap_or(text)
}
