//! JSON objects from outside, such as the claims of a token or a provider's response.
//!
//! Only what is asked for is read, and each value by its kind, in every form in which the world writes it. So a
//! value that is not used decides nothing, whatever its type, even if no program can represent it, such as half of a
//! surrogate pair, `1e400` or a list a thousand levels deep.

use std::{
    collections::{BTreeMap, btree_map::Entry},
    fmt,
};

use serde::{
    Deserialize, Deserializer,
    de::{Error, MapAccess, Visitor},
};
use serde_json::{Value, value::RawValue};

use crate::clock::Timestamp;

/// The end of the year 9999. Later times count as this one, so that none is too large to be calculated with.
const MAX_SECONDS: f64 = 253_402_300_799.0;

/// A JSON object, whose values are parsed when they are used. A name that occurs twice is an error, since readers
/// disagree on which of the two counts.
#[derive(Clone, Default)]
pub struct Object(BTreeMap<String, Box<RawValue>>);

/// A value that must be of one kind and is of another.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{name} is {kind}, not {expected}")]
pub struct WrongKind {
    name: String,
    kind: &'static str,
    expected: &'static str,
}

impl Object {
    /// Whether there is a value other than `null`.
    pub fn has(&self, name: &str) -> bool {
        self.value(name).is_some()
    }

    /// A text. `None` if it is missing or empty; a value of another kind is logged and ignored.
    pub fn text(&self, name: &str) -> Option<String> {
        let value = self.value(name)?;
        match serde_json::from_str::<String>(value) {
            Ok(text) => Some(text).filter(|text| !text.is_empty()),
            Err(_) => ignored(name, value, "text"),
        }
    }

    /// One text or a list of texts; empty if it is missing.
    ///
    /// # Errors
    /// [`WrongKind`].
    pub fn texts(&self, name: &str) -> Result<Vec<String>, WrongKind> {
        let Some(value) = self.value(name) else {
            return Ok(Vec::new());
        };
        let single = serde_json::from_str(value).map(|text| vec![text]);
        single
            .or_else(|_| serde_json::from_str(value))
            .map_err(|_| wrong_kind(name, value, "text or a list of texts"))
    }

    /// A boolean, also as text. Zero is false, but one is not true: who relies on a boolean asks for the word.
    /// `None` if it is missing; any other value is logged and ignored.
    pub fn boolean(&self, name: &str) -> Option<bool> {
        let value = self.value(name)?;
        match serde_json::from_str(value) {
            Ok(Value::Bool(boolean)) => Some(boolean),
            Ok(Value::String(text)) if text.eq_ignore_ascii_case("true") => Some(true),
            Ok(Value::String(text)) if text == "0" || text.eq_ignore_ascii_case("false") => {
                Some(false)
            }
            Ok(Value::Number(number)) if number.as_f64() == Some(0.0) => Some(false),
            _ => ignored(name, value, "a boolean"),
        }
    }

    /// A whole number that is not negative. `None` if it is missing; any other value is logged and ignored.
    pub fn whole(&self, name: &str) -> Option<u64> {
        let value = self.value(name)?;
        match serde_json::from_str(value) {
            Ok(number) => Some(number),
            Err(_) => ignored(name, value, "a whole number"),
        }
    }

    /// A time in seconds since 1970, with or without a fraction (RFC 7519, section 2). `None` if it is missing.
    ///
    /// # Errors
    /// [`WrongKind`]: texts are not times.
    pub fn time(&self, name: &str) -> Result<Option<Timestamp>, WrongKind> {
        let Some(value) = self.value(name) else {
            return Ok(None);
        };
        let seconds =
            serde_json::from_str::<f64>(value).map_err(|_| wrong_kind(name, value, "a number"))?;
        let seconds = seconds.clamp(-MAX_SECONDS, MAX_SECONDS);
        Ok(Some(Timestamp((seconds * 1000.0) as i64)))
    }

    /// Ensures that a value is neither a list nor an object.
    ///
    /// # Errors
    /// [`WrongKind`].
    pub fn ensure_single(&self, name: &str) -> Result<(), WrongKind> {
        match self.value(name) {
            Some(value) if value.starts_with(['[', '{']) => {
                Err(wrong_kind(name, value, "a single value"))
            }
            _ => Ok(()),
        }
    }

    /// The objects in a list; other members are ignored. `None` if it is no list.
    pub fn objects(&self, name: &str) -> Option<Vec<Self>> {
        let members: Vec<Box<RawValue>> = serde_json::from_str(self.value(name)?).ok()?;
        let objects = members
            .iter()
            .map(|member| serde_json::from_str(member.get()));
        Some(objects.filter_map(Result::ok).collect())
    }

    /// The names and values of all texts and numbers, as text.
    pub fn scalars(&self) -> Vec<(String, String)> {
        let scalar = |value: &RawValue| match serde_json::from_str(value.get()) {
            Ok(Value::String(text)) => Some(text),
            Ok(Value::Number(number)) => Some(number.to_string()),
            _ => None,
        };
        let members = self.0.iter();
        members
            .filter_map(|(name, value)| Some((name.clone(), scalar(value)?)))
            .collect()
    }

    /// The JSON of a value other than `null`.
    fn value(&self, name: &str) -> Option<&str> {
        let value = self.0.get(name)?.get();
        (value != "null").then_some(value)
    }
}

impl<'de> Deserialize<'de> for Object {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(ObjectVisitor)
    }
}

struct ObjectVisitor;

impl<'de> Visitor<'de> for ObjectVisitor {
    type Value = Object;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Object, A::Error> {
        let mut values = BTreeMap::<String, Box<RawValue>>::new();
        while let Some((name, value)) = map.next_entry()? {
            match values.entry(name) {
                Entry::Vacant(entry) => entry.insert(value),
                Entry::Occupied(_) => return Err(A::Error::custom("a name occurs twice")),
            };
        }
        Ok(Object(values))
    }
}

/// The values may be secret.
impl fmt::Debug for Object {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Object")
    }
}

fn wrong_kind(name: &str, value: &str, expected: &'static str) -> WrongKind {
    WrongKind {
        name: name.to_owned(),
        kind: kind(value),
        expected,
    }
}

fn ignored<T>(name: &str, value: &str, expected: &'static str) -> Option<T> {
    tracing::info!(
        name,
        kind = kind(value),
        expected,
        "ignored a value of another kind"
    );
    None
}

fn kind(value: &str) -> &'static str {
    match serde_json::from_str(value) {
        Ok(Value::Null) => "null",
        Ok(Value::Bool(_)) => "a boolean",
        Ok(Value::Number(_)) => "a number",
        Ok(Value::String(_)) => "text",
        Ok(Value::Array(_)) => "a list",
        Ok(Value::Object(_)) => "an object",
        Err(_) => "what cannot be represented",
    }
}

#[cfg(test)]
mod tests;
