//! The values that statements take. All columns are `TEXT` or `BIGINT`.

use std::borrow::Cow;

use serde::Serialize;

use super::row::Json;
use crate::clock::Timestamp;

/// A parameter of a statement. `None` is NULL; PostgreSQL wants to know of which type.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Value<'a> {
    Text(Option<Cow<'a, str>>),
    Integer(Option<i64>),
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(value: &'a str) -> Self {
        Self::Text(Some(value.into()))
    }
}

impl<'a> From<&'a String> for Value<'a> {
    fn from(value: &'a String) -> Self {
        value.as_str().into()
    }
}

impl From<String> for Value<'_> {
    fn from(value: String) -> Self {
        Self::Text(Some(value.into()))
    }
}

impl<'a> From<Option<&'a str>> for Value<'a> {
    fn from(value: Option<&'a str>) -> Self {
        Self::Text(value.map(Into::into))
    }
}

impl<'a> From<&'a Option<String>> for Value<'a> {
    fn from(value: &'a Option<String>) -> Self {
        value.as_deref().into()
    }
}

impl From<i64> for Value<'_> {
    fn from(value: i64) -> Self {
        Self::Integer(Some(value))
    }
}

impl From<Timestamp> for Value<'_> {
    fn from(value: Timestamp) -> Self {
        value.0.into()
    }
}

impl From<Option<Timestamp>> for Value<'_> {
    fn from(value: Option<Timestamp>) -> Self {
        Self::Integer(value.map(|at| at.0))
    }
}

impl<T: Serialize> From<Json<&T>> for Value<'_> {
    fn from(Json(value): Json<&T>) -> Self {
        // Of the types that are stored, none has a map with keys that JSON cannot express.
        Self::Text(serde_json::to_string(value).ok().map(Into::into))
    }
}

impl<T: Serialize> From<Option<Json<&T>>> for Value<'_> {
    fn from(value: Option<Json<&T>>) -> Self {
        value.map_or(Self::Text(None), Into::into)
    }
}
