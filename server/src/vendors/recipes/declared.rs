//! What a recipe declares before it uses it: settings, attributes and moments.

use std::{collections::BTreeMap, time::Duration};

use super::{
    document::{Node, Table},
    names::{declared_name, variable},
};

/// The longest lifetime, of a year; what lives longer is eternal.
pub(super) const MAX_LIFETIME: i64 = 366 * 24 * 60 * 60;

/// A value of the deployment that is no secret.
#[derive(Clone, Debug)]
pub(super) struct Setting {
    pub(super) name: String,
    /// The environment variable.
    pub(super) variable: String,
    pub(super) default: Option<String>,
}

/// The settings by name.
pub(super) fn settings(table: &Table<'_>) -> Option<Vec<Setting>> {
    let Some(node) = table.optional("settings") else {
        return Some(Vec::new());
    };
    let table = node.table()?;
    let settings: Vec<_> = table
        .all()
        .iter()
        .map(|(name, node)| {
            let name = declared_name(name, node)?;
            let text = |node: &Node<'_>| node.text();
            if node.is_text() {
                let variable = variable(node)?;
                return Some(Setting {
                    name,
                    variable,
                    default: None,
                });
            }
            let table = node.table()?;
            let variable = table.required("variable").and_then(variable);
            let default = all(table.optional("default").map(text))?;
            Some(Setting {
                name,
                variable: variable?,
                default,
            })
        })
        .collect();
    settings.into_iter().collect()
}

/// The names of the attributes that it uses.
pub(super) fn attributes(table: &Table<'_>) -> Option<Vec<String>> {
    let Some(node) = table.optional("attributes") else {
        return Some(Vec::new());
    };
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    let names = node.list()?;
    let names = names.iter().map(|node| match node.text()? {
        name if name.bytes().all(is_name) => Some(name),
        _ => node.wrong("must be the name of an attribute, of letters, digits and _"),
    });
    names.collect::<Vec<_>>().into_iter().collect()
}

/// The moments by name, from now.
pub(super) fn times(table: &Table<'_>) -> Option<BTreeMap<String, Duration>> {
    let Some(node) = table.optional("times") else {
        return Some(BTreeMap::new());
    };
    let table = node.table()?;
    let times: Vec<_> = table
        .all()
        .iter()
        .map(|(name, node)| {
            let seconds = node.number(0..=MAX_LIFETIME);
            Some((declared_name(name, node)?, whole(seconds?)))
        })
        .collect();
    times.into_iter().collect()
}

pub(super) fn whole(seconds: i64) -> Duration {
    Duration::from_secs(u64::try_from(seconds).unwrap_or(0))
}

/// `Some(None)` if it is not there, and `None` if it is wrong.
pub(super) fn all<T>(value: Option<Option<T>>) -> Option<Option<T>> {
    match value {
        None => Some(None),
        Some(value) => value.map(Some),
    }
}
