//! Texts with placeholders, such as `{user.id}`: the whole of the value language.

use base64::{Engine, engine::general_purpose::STANDARD};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use sha2::{Digest, Sha256};

use super::{
    document::Node,
    facts::Facts,
    json::Json,
    scope::{Scope, Source},
    unmet::Unmet,
};
use crate::clock::Timestamp;

/// All but the unreserved characters (RFC 3986, section 2.3). Those that scripts leave as they are, such as the
/// apostrophe, end texts in the clauses of some vendors.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// A text in which each `{source}` or `{source|filter}` stands for a value. `{{` and `}}` are braces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Text {
    parts: Vec<Part>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Plain(String),
    Slot(Source, Option<Filter>),
}

/// What is done to a value. There is one at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Filter {
    Lower,
    String,
    Sha256,
    Milliseconds,
    Iso,
    Json,
    Url,
    Base64,
}

const FILTERS: [(&str, Filter); 8] = [
    ("lower", Filter::Lower),
    ("string", Filter::String),
    ("sha256", Filter::Sha256),
    ("ms", Filter::Milliseconds),
    ("iso", Filter::Iso),
    ("json", Filter::Json),
    ("url", Filter::Url),
    ("base64", Filter::Base64),
];

impl Filter {
    fn is_for_times(self) -> bool {
        matches!(self, Self::Milliseconds | Self::Iso)
    }

    /// Whether its result has no character that ends a text in quotes or begins another field.
    fn encodes(self) -> bool {
        matches!(self, Self::Sha256 | Self::Url | Self::Base64)
    }
}

impl Text {
    /// The text that is one value.
    pub(super) fn of(source: Source) -> Self {
        Self {
            parts: vec![Part::Slot(source, None)],
        }
    }

    /// Reads the text of a node.
    pub(super) fn read(node: &Node<'_>, scope: &Scope) -> Option<Self> {
        let text = node.text()?;
        match Self::parse(&text, scope) {
            Ok(text) => Some(text),
            Err(sentence) => node.wrong(&sentence),
        }
    }

    /// As [`Text::read`], for a text that must always be there.
    pub(super) fn read_required(node: &Node<'_>, scope: &Scope) -> Option<Self> {
        let text = Self::read(node, scope)?;
        match text.may_miss(scope) {
            None => Some(text),
            Some(source) => node.wrong(&format!("has {{{source}}}, which can be missing")),
        }
    }

    /// # Errors
    /// A sentence that says what is wrong and what is allowed.
    pub(super) fn parse(text: &str, scope: &Scope) -> Result<Self, String> {
        let mut parts = Vec::new();
        let mut plain = String::new();
        let mut rest = text;
        while let Some(at) = rest.find(['{', '}']) {
            let (before, from) = rest.split_at(at);
            plain.push_str(before);
            if let Some(after) = from.strip_prefix("{{").or(from.strip_prefix("}}")) {
                plain.push_str(&from[..1]);
                rest = after;
                continue;
            }
            let slot = from.strip_prefix('{').and_then(|from| from.split_once('}'));
            let Some((slot, after)) = slot else {
                return Err(
                    "has a brace without its other half; write {{ or }} for a brace".into(),
                );
            };
            if !plain.is_empty() {
                parts.push(Part::Plain(std::mem::take(&mut plain)));
            }
            parts.push(parse_slot(slot, scope)?);
            rest = after;
        }
        plain.push_str(rest);
        if !plain.is_empty() {
            parts.push(Part::Plain(plain));
        }
        let text = Self { parts };
        text.check(scope)?;
        Ok(text)
    }

    fn check(&self, scope: &Scope) -> Result<(), String> {
        if let [Part::Plain(text)] = self.parts.as_slice()
            && Scope::looks_like_source(text)
        {
            return Err(format!(
                "is the constant {text:?}; write {{{text}}} for the value"
            ));
        }
        if self.parts.len() < 2 {
            return Ok(());
        }
        let free = self.slots().find(|(source, filter)| {
            scope.is_free(source) && !filter.is_some_and(|filter: Filter| filter.encodes())
        });
        match free {
            Some((source, _)) => Err(format!(
                "has {{{source}}} beside other text, where its characters could be taken for that text; let it stand alone, or add |url, |base64 or |sha256"
            )),
            None => Ok(()),
        }
    }

    fn slots(&self) -> impl Iterator<Item = (&Source, Option<Filter>)> {
        self.parts.iter().filter_map(|part| match part {
            Part::Slot(source, filter) => Some((source, *filter)),
            Part::Plain(_) => None,
        })
    }

    /// The values that it uses.
    pub(super) fn sources(&self) -> impl Iterator<Item = &Source> {
        self.slots().map(|(source, _)| source)
    }

    /// Whether it is just this value, unfiltered.
    pub(super) fn is_just(&self, source: &Source) -> bool {
        matches!(self.parts.as_slice(), [Part::Slot(one, None)] if one == source)
    }

    /// Whether it is just this moment, in seconds or milliseconds.
    pub(super) fn is_moment(&self, source: &Source) -> bool {
        let [Part::Slot(one, filter)] = self.parts.as_slice() else {
            return false;
        };
        one == source && matches!(filter, None | Some(Filter::Milliseconds))
    }

    /// Whether it is one placeholder and nothing else.
    pub(super) fn is_single(&self) -> bool {
        matches!(self.parts.as_slice(), [Part::Slot(..)])
    }

    /// The first of its values that can be missing.
    pub(super) fn may_miss<'a>(&'a self, scope: &Scope) -> Option<&'a Source> {
        self.sources().find(|source| scope.may_be_missing(source))
    }

    /// The value: of the placeholder's own type if there is nothing else, or else text. `None` if a value is
    /// missing.
    pub(super) fn value(&self, facts: &Facts<'_>) -> Option<Json> {
        if let [Part::Slot(source, filter)] = self.parts.as_slice() {
            return slot_value(source, *filter, facts);
        }
        let mut text = String::new();
        for part in &self.parts {
            match part {
                Part::Plain(plain) => text.push_str(plain),
                Part::Slot(source, filter) => {
                    text.push_str(&slot_value(source, *filter, facts)?.into_text());
                }
            }
        }
        Some(Json::Text(text))
    }

    /// The value as text.
    ///
    /// # Errors
    /// [`Unmet`] if one of its values is missing.
    pub(super) fn text(&self, facts: &Facts<'_>) -> Result<String, Unmet> {
        let value = self.value(facts);
        value.map(Json::into_text).ok_or_else(|| self.missing())
    }

    /// Says that one of its values is missing.
    pub(super) fn missing(&self) -> Unmet {
        let source = self.sources().next().map(ToString::to_string);
        Unmet::Missing(source.unwrap_or_default())
    }
}

fn parse_slot(slot: &str, scope: &Scope) -> Result<Part, String> {
    let (name, filter) = match slot.split_once('|') {
        None => (slot, None),
        Some((name, filter)) => {
            let found = FILTERS.iter().find(|(known, _)| *known == filter);
            let names: Vec<&str> = FILTERS.iter().map(|(name, _)| *name).collect();
            let found = found.ok_or_else(|| {
                format!(
                    "has the unknown filter {filter:?}; allowed is one of: {}",
                    names.join(", ")
                )
            })?;
            (name, Some(found.1))
        }
    };
    let source = scope.source(name)?;
    if filter.is_some_and(Filter::is_for_times) && !source.is_time() {
        return Err(format!(
            "has {{{slot}}}, but ms and iso are for moments: now, issued, expires, time.NAME"
        ));
    }
    Ok(Part::Slot(source, filter))
}

/// `None` if the value is missing or empty.
fn slot_value(source: &Source, filter: Option<Filter>, facts: &Facts<'_>) -> Option<Json> {
    if let Some(time) = facts.time(source) {
        return Some(time_value(time, filter));
    }
    let value = facts.value(source).filter(|value| !value.is_empty())?;
    let Some(filter) = filter else {
        return Some(value);
    };
    if filter == Filter::Json {
        return Some(Json::Text(value.to_string()));
    }
    Some(Json::Text(filtered(filter, value.into_text())))
}

fn time_value(time: Timestamp, filter: Option<Filter>) -> Json {
    match filter {
        None => Json::Whole(time.seconds()),
        Some(Filter::Milliseconds) => Json::Whole(time.0),
        Some(Filter::Iso) => Json::Text(time.rfc3339().unwrap_or_default()),
        Some(filter) => Json::Text(filtered(filter, time.seconds().to_string())),
    }
}

fn filtered(filter: Filter, text: String) -> String {
    match filter {
        Filter::Lower => text.to_lowercase(),
        Filter::Sha256 => base16ct::lower::encode_string(&Sha256::digest(text)),
        Filter::Url => utf8_percent_encode(&text, RESERVED).to_string(),
        Filter::Base64 => STANDARD.encode(text),
        Filter::String | Filter::Json | Filter::Milliseconds | Filter::Iso => text,
    }
}

#[cfg(test)]
mod tests;
