//! JSON objects from outside, such as the claims of a token or a provider's response.
//!
//! Only what is asked for is read, and each value by its kind, in every form in which the world writes it. So a
//! value that is not used decides nothing, whatever its type.

use std::{
    collections::{BTreeMap, btree_map::Entry},
    fmt,
};

use serde::{
    Deserialize, Deserializer,
    de::{Error, MapAccess, Visitor},
};
use serde_json::{Map, Value};

use crate::clock::Timestamp;

/// The end of the year 9999. Later times count as this one, so that none is too large to be calculated with.
const MAX_SECONDS: f64 = 253_402_300_799.0;

/// A JSON object. A name that occurs twice is an error, since readers disagree on which of the two counts.
#[derive(Clone, Default, PartialEq)]
pub struct Object(BTreeMap<String, Value>);

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
    pub fn text(&self, name: &str) -> Option<&str> {
        match self.value(name)? {
            Value::String(text) => Some(text.as_str()).filter(|text| !text.is_empty()),
            other => ignored(name, other, "text"),
        }
    }

    /// One text or a list of texts; empty if it is missing.
    ///
    /// # Errors
    /// [`WrongKind`].
    pub fn texts(&self, name: &str) -> Result<Vec<&str>, WrongKind> {
        const EXPECTED: &str = "text or a list of texts";
        match self.value(name) {
            None => Ok(Vec::new()),
            Some(Value::String(text)) => Ok(vec![text]),
            Some(Value::Array(texts)) => texts
                .iter()
                .map(|text| {
                    text.as_str()
                        .ok_or_else(|| wrong_kind(name, text, EXPECTED))
                })
                .collect(),
            Some(other) => Err(wrong_kind(name, other, EXPECTED)),
        }
    }

    /// A boolean, also as text. Zero is false, but one is not true: who relies on a boolean asks for the word.
    /// `None` if it is missing; any other value is logged and ignored.
    pub fn boolean(&self, name: &str) -> Option<bool> {
        match self.value(name)? {
            Value::Bool(boolean) => Some(*boolean),
            Value::String(text) if text.eq_ignore_ascii_case("true") => Some(true),
            Value::String(text) if text == "0" || text.eq_ignore_ascii_case("false") => Some(false),
            Value::Number(number) if number.as_f64() == Some(0.0) => Some(false),
            other => ignored(name, other, "a boolean"),
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
        let seconds = value
            .as_f64()
            .ok_or_else(|| wrong_kind(name, value, "a number"))?;
        let seconds = seconds.clamp(-MAX_SECONDS, MAX_SECONDS);
        Ok(Some(Timestamp((seconds * 1000.0) as i64)))
    }

    /// Ensures that a value is neither a list nor an object.
    ///
    /// # Errors
    /// [`WrongKind`].
    pub fn ensure_single(&self, name: &str) -> Result<(), WrongKind> {
        match self.value(name) {
            Some(value @ (Value::Array(_) | Value::Object(_))) => {
                Err(wrong_kind(name, value, "a single value"))
            }
            _ => Ok(()),
        }
    }

    /// The objects in a list; other members are ignored. `None` if it is no list.
    pub fn objects(&self, name: &str) -> Option<Vec<Self>> {
        let Value::Array(members) = self.value(name)? else {
            return None;
        };
        let objects = members.iter().filter_map(Value::as_object);
        Some(objects.cloned().map(Self::from).collect())
    }

    fn value(&self, name: &str) -> Option<&Value> {
        self.0.get(name).filter(|value| !value.is_null())
    }
}

impl From<Map<String, Value>> for Object {
    fn from(map: Map<String, Value>) -> Self {
        Self(map.into_iter().collect())
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
        let mut values = BTreeMap::new();
        while let Some((name, value)) = map.next_entry::<String, Value>()? {
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

fn wrong_kind(name: &str, value: &Value, expected: &'static str) -> WrongKind {
    WrongKind {
        name: name.to_owned(),
        kind: kind(value),
        expected,
    }
}

fn ignored<T>(name: &str, value: &Value, expected: &'static str) -> Option<T> {
    tracing::info!(
        name,
        kind = kind(value),
        expected,
        "ignored a value of another kind"
    );
    None
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

#[cfg(test)]
mod tests;
