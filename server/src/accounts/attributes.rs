//! Attributes: what is known of a user from elsewhere, such as a plan or a customer number. Imports, providers and
//! administrators set them, never the user.

use std::collections::{BTreeMap, btree_map};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Number, Value};

/// How many attributes a user has at most.
const MAX_ATTRIBUTES: usize = 64;

/// The length of a name, in characters.
const MAX_NAME: usize = 64;

/// The length of a string, in bytes.
const MAX_TEXT: usize = 1024;

/// The attributes of a user, in the order of their names.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Attributes(BTreeMap<String, AttributeValue>);

/// The value of an attribute.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum AttributeValue {
    Flag(bool),
    Number(Number),
    Text(String),
}

/// Why an attribute is rejected.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AttributeProblem {
    #[error(
        "the name of an attribute must have at most {MAX_NAME} letters, digits and underscores, and not begin with a \
         digit, unlike {0:?}"
    )]
    Name(String),
    #[error("attribute {0} must be a string, a number or a boolean")]
    Value(String),
    #[error("attribute {0} must have at most {MAX_TEXT} bytes")]
    TooLong(String),
    #[error("a user has at most {MAX_ATTRIBUTES} attributes")]
    TooMany,
}

impl Attributes {
    /// The attributes of a JSON object; those that are null are left out.
    ///
    /// # Errors
    /// [`AttributeProblem`], with the first that cannot be used.
    pub fn parse(object: &Map<String, Value>) -> Result<Self, AttributeProblem> {
        let mut attributes = Self::default();
        for (name, value) in object.iter().filter(|(_, value)| !value.is_null()) {
            let Ok(value) = AttributeValue::deserialize(value) else {
                return Err(AttributeProblem::Value(name.clone()));
            };
            attributes.set(name, value)?;
        }
        Ok(attributes)
    }

    /// Sets an attribute.
    ///
    /// # Errors
    /// [`AttributeProblem`].
    pub fn set(&mut self, name: &str, value: AttributeValue) -> Result<(), AttributeProblem> {
        if !is_identifier(name) {
            return Err(AttributeProblem::Name(
                name.chars().take(MAX_NAME).collect(),
            ));
        }
        if matches!(&value, AttributeValue::Text(text) if text.len() > MAX_TEXT) {
            return Err(AttributeProblem::TooLong(name.to_owned()));
        }
        if self.0.len() >= MAX_ATTRIBUTES && !self.0.contains_key(name) {
            return Err(AttributeProblem::TooMany);
        }
        self.0.insert(name.to_owned(), value);
        Ok(())
    }

    /// The value of an attribute.
    pub fn get(&self, name: &str) -> Option<&AttributeValue> {
        self.0.get(name)
    }

    /// Names and values.
    pub fn iter(&self) -> btree_map::Iter<'_, String, AttributeValue> {
        self.0.iter()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl FromIterator<(String, AttributeValue)> for Attributes {
    /// From values that were checked when they were stored.
    fn from_iter<I: IntoIterator<Item = (String, AttributeValue)>>(stored: I) -> Self {
        Self(stored.into_iter().collect())
    }
}

impl<'a> IntoIterator for &'a Attributes {
    type Item = (&'a String, &'a AttributeValue);
    type IntoIter = btree_map::Iter<'a, String, AttributeValue>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

fn is_identifier(name: &str) -> bool {
    let mut characters = name.chars();
    let begins = characters
        .next()
        .is_some_and(|c| c.is_ascii_alphabetic() || c == '_');
    begins && name.len() <= MAX_NAME && characters.all(|c| c.is_ascii_alphanumeric() || c == '_')
}

#[cfg(test)]
mod tests;
