//! What an envelope carries: JSON, a query string, or lines of text.

use base64::{Engine, engine::general_purpose::STANDARD};

use super::{
    document::Table,
    facts::Facts,
    json::Json,
    scope::{Scope, Source},
    text::Text,
    unmet::Unmet,
    value::Object,
};
use crate::http::encode_uri_component;

/// The payload of an envelope.
#[derive(Debug)]
pub(super) struct Payload {
    content: Content,
    /// Whether `{payload}` is its base64.
    base64: bool,
}

#[derive(Debug)]
enum Content {
    Json(Object),
    /// The names of the parameters are sorted if the flag is set.
    Query(Object, bool),
    Text(Text),
}

impl Payload {
    pub(super) fn read(table: &Table<'_>, scope: &Scope) -> Option<Self> {
        let (json, query, text) = (
            table.optional("json"),
            table.optional("query"),
            table.optional("text"),
        );
        let sorted = table.optional("sorted").map(|node| node.flag());
        let base64 = table.optional("base64").map(|node| node.flag());
        let content = match (json, query, text) {
            (Some(node), None, None) => Content::Json(Object::read(&node.table()?, scope)?),
            (None, Some(node), None) => {
                let sorted = sorted.unwrap_or(Some(false))?;
                Content::Query(Object::read(&node.table()?, scope)?, sorted)
            }
            (None, None, Some(node)) => Content::Text(Text::read(node, scope)?),
            _ => return table.wrong("needs exactly one of json, query and text"),
        };
        Some(Self {
            content,
            base64: base64.unwrap_or(Some(false))?,
        })
    }

    pub(super) fn uses(&self, is_one: impl Fn(&Source) -> bool) -> bool {
        match &self.content {
            Content::Json(object) | Content::Query(object, _) => object.uses(is_one),
            Content::Text(text) => text.sources().any(is_one),
        }
    }

    /// # Errors
    /// [`Unmet`].
    pub(super) fn text(&self, facts: &Facts<'_>) -> Result<String, Unmet> {
        let text = match &self.content {
            Content::Json(object) => Json::Object(object.members(facts)?).to_string(),
            Content::Query(object, sorted) => {
                let mut members = object.members(facts)?;
                if *sorted {
                    members.sort_by(|(one, _), (other, _)| one.cmp(other));
                }
                query(members)
            }
            Content::Text(text) => text.text(facts)?,
        };
        Ok(match self.base64 {
            true => STANDARD.encode(text),
            false => text,
        })
    }
}

fn query(members: Vec<(String, Json)>) -> String {
    let encode = |text: &str| encode_uri_component(text).to_string();
    let pairs = members
        .into_iter()
        .map(|(name, value)| format!("{}={}", encode(&name), encode(&value.into_text())));
    pairs.collect::<Vec<_>>().join("&")
}
