//! The parameters of a request: all that a page may say about the credential it asks for. Never the user.

use std::collections::BTreeMap;

use regex::Regex;
use toml::de::DeValue;

use super::{
    document::{Node, Table},
    json::Json,
    names::declared_name,
    pattern,
    scope::{Scope, Source},
    text::Text,
    unmet::Unmet,
};

/// Longer values are rejected even if a setting allows them.
const MAX_LENGTH: i64 = 1024;

/// What a parameter's name must not contain, and what it must not be: the user comes from the session.
const USERS: [&str; 7] = [
    "user", "mail", "identity", "member", "account", "customer", "external",
];
const IDS: [&str; 4] = ["sub", "uid", "id", "subject"];

/// A declared parameter.
#[derive(Clone, Debug)]
pub(super) struct Param {
    pub(super) name: String,
    pub(super) optional: bool,
    is_number: bool,
    /// For a text the length in characters, for a number the value.
    max: Option<i64>,
    pattern: Option<Regex>,
    allow: Option<Allow>,
    /// Whether its values may have characters other than letters, digits, `-`, `_` and `.`.
    pub(super) is_free: bool,
}

#[derive(Clone, Debug)]
enum Allow {
    These(Vec<String>),
    /// The setting has a list, separated by commas.
    Setting(String),
}

pub(super) fn read(table: &Table<'_>, scope: &Scope) -> Option<Vec<Param>> {
    let Some(node) = table.optional("params") else {
        return Some(Vec::new());
    };
    let table = node.table()?;
    let params: Vec<_> = table
        .all()
        .iter()
        .map(|(name, node)| Param::read(name, node, scope))
        .collect();
    params.into_iter().collect()
}

impl Param {
    fn read(name: &str, node: &Node<'_>, scope: &Scope) -> Option<Self> {
        let name = declared_name(name, node)?;
        let is_user = |word: &&&str| name.contains(**word);
        let is_id = |word: &&&str| name == **word || name.split('_').any(|part| part == "uid");
        if let Some(word) = USERS.iter().find(is_user).or(IDS.iter().find(is_id)) {
            return node.wrong(&format!(
                "must not be called by the word {word}: the user comes from the session, never from the request"
            ));
        }
        let table = node.table()?;
        let kinds = [("text", false), ("number", true)];
        let kind = table.optional("kind").map(|node| node.one_of(&kinds));
        let is_number = kind.unwrap_or(Some(false))?;
        let optional = table.optional("optional").map(Node::flag);
        let most = if is_number { 1 << 53 } else { MAX_LENGTH };
        let max = table.optional("max").map(|node| node.number(1..=most));
        let pattern = table.optional("pattern").map(pattern::read);
        let allow = table.optional("allow").map(|node| Allow::read(node, scope));
        let is_bounded = match is_number {
            true => max.is_some() || allow.is_some(),
            false => allow.is_some() || (max.is_some() && pattern.is_some()),
        };
        if !is_bounded {
            return node.wrong(
                "needs a pattern and max, or allow, so that no page can ask for anything; a number needs max or allow",
            );
        }
        let pattern = match pattern {
            Some(pattern) => Some(pattern?),
            None => None,
        };
        let allow = match allow {
            Some(allow) => Some(allow?),
            None => None,
        };
        let is_plain = pattern.as_ref().is_some_and(pattern::is_plain);
        Some(Self {
            name,
            is_free: !is_number && allow.is_none() && !is_plain,
            optional: optional.unwrap_or(Some(false))?,
            is_number,
            max: match max {
                Some(max) => Some(max?),
                None => None,
            },
            pattern,
            allow,
        })
    }

    /// Checks what a request says. `None` if it may be missing and is.
    ///
    /// # Errors
    /// [`Unmet::Param`].
    pub(super) fn value(
        &self,
        given: Option<&str>,
        settings: &BTreeMap<String, String>,
    ) -> Result<Option<Json>, Unmet> {
        let wrong = || Unmet::Param(self.name.clone());
        let Some(text) = given.filter(|text| !text.is_empty()) else {
            return match self.optional {
                true => Ok(None),
                false => Err(wrong()),
            };
        };
        let matches = self
            .pattern
            .as_ref()
            .is_none_or(|pattern| pattern.is_match(text));
        let length = i64::try_from(text.encode_utf16().count()).unwrap_or(i64::MAX);
        let is_allowed = self
            .allow
            .as_ref()
            .is_none_or(|allow| allow.has(text, settings));
        if !matches || !is_allowed || length > MAX_LENGTH {
            return Err(wrong());
        }
        if !self.is_number {
            return match self.max.is_some_and(|max| length > max) {
                true => Err(wrong()),
                false => Ok(Some(Json::Text(text.to_owned()))),
            };
        }
        let number: i64 = text.parse().map_err(|_| wrong())?;
        let is_canonical = number.to_string() == text;
        match is_canonical && number >= 0 && self.max.is_none_or(|max| number <= max) {
            true => Ok(Some(Json::Whole(number))),
            false => Err(wrong()),
        }
    }

    /// A value for a self-test, which is not compared with what is allowed.
    pub(super) fn sample(&self) -> Json {
        match self.is_number {
            true => Json::Whole(1),
            false => Json::Text("self-test".to_owned()),
        }
    }
}

impl Allow {
    fn read(node: &Node<'_>, scope: &Scope) -> Option<Self> {
        if let DeValue::String(_) = node.value() {
            let text = Text::read(node, &scope.constants())?;
            let mut sources = text.sources();
            return match (sources.next(), text.is_single()) {
                (Some(Source::Setting(name)), true) => Some(Self::Setting(name.clone())),
                _ => node.wrong("must be a list, or a setting such as \"{setting.rooms}\""),
            };
        }
        let texts: Vec<_> = node.list()?.iter().map(Node::text).collect();
        match texts.is_empty() {
            true => node.wrong("must not be empty"),
            false => Some(Self::These(texts.into_iter().collect::<Option<_>>()?)),
        }
    }

    fn has(&self, text: &str, settings: &BTreeMap<String, String>) -> bool {
        match self {
            Self::These(texts) => texts.iter().any(|allowed| allowed == text),
            Self::Setting(name) => settings
                .get(name)
                .is_some_and(|list| list.split(',').any(|allowed| allowed.trim() == text)),
        }
    }
}

#[cfg(test)]
mod tests;
