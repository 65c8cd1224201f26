//! Trees of values: claims, payloads and responses.

use base64::{Engine, engine::general_purpose::STANDARD};
use regex::Regex;
use toml::de::DeValue;

use super::{
    document::{Node, Table},
    facts::Facts,
    json::Json,
    pattern,
    scope::{Scope, Source},
    text::Text,
    unmet::Unmet,
};

/// Deeper trees are rejected.
const MAX_DEPTH: usize = 8;

/// A value of any JSON type, with its texts filled in.
#[derive(Clone, Debug)]
pub(super) enum Value {
    Constant(Json),
    Text(Text),
    List(Vec<Field>),
    Object(Object),
    /// The JSON of a value, as text.
    Stringify(Box<Value>),
    /// A text, in base64.
    Base64(Text),
}

/// The members of an object, in their order.
#[derive(Clone, Debug)]
pub(super) struct Object(pub(super) Vec<(String, Field)>);

/// A value and the conditions that it has to meet.
#[derive(Clone, Debug)]
pub(super) struct Field {
    key: String,
    value: Value,
    /// Left out if it is missing or does not fit.
    optional: bool,
    /// The maximum number of UTF-16 units, as JavaScript counts.
    max: Option<usize>,
    pattern: Option<Regex>,
}

impl Object {
    pub(super) fn read(table: &Table<'_>, scope: &Scope) -> Option<Self> {
        Self::read_at(table, scope, 0)
    }

    fn read_at(table: &Table<'_>, scope: &Scope, depth: usize) -> Option<Self> {
        if depth > MAX_DEPTH {
            return table.wrong(&format!("must have no more than {MAX_DEPTH} levels"));
        }
        let members: Vec<_> = table
            .all()
            .iter()
            .map(|(name, node)| Some(((*name).to_owned(), Field::read(node, scope, depth)?)))
            .collect();
        Some(Self(members.into_iter().collect::<Option<_>>()?))
    }

    /// `{ token }`, the response for a token.
    pub(super) fn token() -> Self {
        let field = Field {
            key: "response.token".to_owned(),
            value: Value::Text(Text::of(Source::Token)),
            optional: false,
            max: None,
            pattern: None,
        };
        Self(vec![("token".to_owned(), field)])
    }

    pub(super) fn field(&self, name: &str) -> Option<&Field> {
        let mut members = self.0.iter();
        members.find_map(|(other, field)| (other == name).then_some(field))
    }

    /// Calls `visit` with every text in it.
    pub(super) fn visit(&self, visit: &mut impl FnMut(&Text)) {
        for (_, field) in &self.0 {
            field.value.visit(visit);
        }
    }

    /// Whether a text in it uses such a source.
    pub(super) fn uses(&self, is_one: impl Fn(&Source) -> bool) -> bool {
        self.0.iter().any(|(_, field)| field.uses(&is_one))
    }

    /// The members that are there.
    ///
    /// # Errors
    /// [`Unmet`] if a member is missing or does not fit, and is not optional.
    pub(super) fn members(&self, facts: &Facts<'_>) -> Result<Vec<(String, Json)>, Unmet> {
        let mut members = Vec::with_capacity(self.0.len());
        for (name, field) in &self.0 {
            if let Some(value) = field.evaluate(facts)? {
                members.push((name.clone(), value));
            }
        }
        Ok(members)
    }
}

impl Field {
    fn read(node: &Node<'_>, scope: &Scope, depth: usize) -> Option<Self> {
        let conditions = match node.value() {
            DeValue::Table(table) if table.contains_key("value") => Some(node.table()?),
            _ => None,
        };
        let Some(table) = conditions else {
            let value = Value::read(node, scope, depth)?;
            if let Value::Text(text) | Value::Base64(text) = &value
                && let Some(source) = text.may_miss(scope)
            {
                return node.wrong(&format!(
                    "can be missing, since not every request has {source}; write {{ value = …, optional = true }} to leave it out then, or required = true to make no credential"
                ));
            }
            return Some(Self {
                key: node.key().to_owned(),
                value,
                optional: false,
                max: None,
                pattern: None,
            });
        };
        let value = Value::read(table.required("value")?, scope, depth)?;
        let flag = |name| table.optional(name).map(Node::flag);
        let (optional, required) = (flag("optional"), flag("required"));
        let max = table.optional("max").map(|node| node.number(1..=65536));
        let pattern = table.optional("pattern").map(pattern::read);
        let field = Self {
            key: node.key().to_owned(),
            value,
            optional: optional.unwrap_or(Some(false))?,
            max: max
                .unwrap_or(Some(0))
                .and_then(|max| usize::try_from(max).ok())
                .filter(|max| *max > 0),
            pattern: pattern.map_or(Some(None), |pattern| Some(Some(pattern?)))?,
        };
        field.check(node, scope, required.unwrap_or(Some(false))?)
    }

    fn check(self, node: &Node<'_>, scope: &Scope, required: bool) -> Option<Self> {
        if self.optional && required {
            return node.wrong("must be either optional or required");
        }
        let is_text = matches!(self.value, Value::Text(_) | Value::Base64(_));
        if !is_text && (self.max.is_some() || self.pattern.is_some()) {
            return node.wrong("must be a text to have max or pattern");
        }
        let may_miss = match &self.value {
            Value::Text(text) | Value::Base64(text) => text.may_miss(scope).is_some(),
            _ => false,
        };
        if may_miss && !self.optional && !required {
            return node.wrong("can be missing; add optional = true or required = true");
        }
        Some(self)
    }

    /// Whether a text in it uses such a source.
    pub(super) fn uses(&self, is_one: impl Fn(&Source) -> bool) -> bool {
        let mut found = false;
        self.value
            .visit(&mut |text| found = found || text.sources().any(&is_one));
        found
    }

    /// Whether it is just this value, and always there.
    pub(super) fn is_always(&self, source: &Source) -> bool {
        !self.optional && matches!(&self.value, Value::Text(text) if text.is_just(source))
    }

    /// As [`Field::is_always`], for a moment in any of its units.
    pub(super) fn is_moment(&self, source: &Source) -> bool {
        !self.optional && matches!(&self.value, Value::Text(text) if text.is_moment(source))
    }

    pub(super) fn is_optional(&self) -> bool {
        self.optional
    }

    pub(super) fn evaluate(&self, facts: &Facts<'_>) -> Result<Option<Json>, Unmet> {
        let value = match self.value.evaluate(facts) {
            Ok(Some(value)) if self.fits(&value) => return Ok(Some(value)),
            Ok(Some(_)) => Err(Unmet::Misfit(self.key.clone())),
            Ok(None) => return Ok(None),
            Err(unmet) => Err(unmet),
        };
        match value {
            Err(_) if self.optional => Ok(None),
            other => other,
        }
    }

    fn fits(&self, value: &Json) -> bool {
        let Json::Text(text) = value else {
            return self
                .pattern
                .as_ref()
                .is_none_or(|pattern| pattern.is_match(&value.to_string()));
        };
        self.max
            .is_none_or(|max| text.encode_utf16().count() <= max)
            && self
                .pattern
                .as_ref()
                .is_none_or(|pattern| pattern.is_match(text))
    }
}

impl Value {
    fn read(node: &Node<'_>, scope: &Scope, depth: usize) -> Option<Self> {
        match node.value() {
            DeValue::String(_) => Some(Self::Text(Text::read(node, scope)?)),
            DeValue::Boolean(flag) => Some(Self::Constant(Json::Flag(*flag))),
            DeValue::Integer(_) => {
                let number = node.number(-(1 << 53)..=1 << 53)?;
                Some(Self::Constant(Json::Whole(number)))
            }
            DeValue::Float(number) => match number.as_str().parse() {
                Ok(number) if f64::is_finite(number) => {
                    Some(Self::Constant(Json::Fraction(number)))
                }
                _ => node.wrong("must be a finite number"),
            },
            DeValue::Datetime(_) => {
                node.wrong("is a date, which JSON does not have; put it in quotes")
            }
            DeValue::Array(_) => {
                let nodes = node.list()?;
                if depth >= MAX_DEPTH {
                    return node.wrong(&format!("must have no more than {MAX_DEPTH} levels"));
                }
                let fields: Vec<_> = nodes
                    .iter()
                    .map(|node| Field::read(node, scope, depth + 1))
                    .collect();
                Some(Self::List(fields.into_iter().collect::<Option<_>>()?))
            }
            DeValue::Table(_) => Self::read_table(&node.table()?, scope, depth),
        }
    }

    fn read_table(table: &Table<'_>, scope: &Scope, depth: usize) -> Option<Self> {
        if table.has("stringify") {
            let value = Self::read(table.required("stringify")?, scope, depth + 1)?;
            return Some(Self::Stringify(Box::new(value)));
        }
        if table.has("base64") {
            return Some(Self::Base64(Text::read(table.required("base64")?, scope)?));
        }
        if table.has("object") {
            let object = table.required("object")?.table()?;
            return Some(Self::Object(Object::read_at(&object, scope, depth + 1)?));
        }
        Some(Self::Object(Object::read_at(table, scope, depth + 1)?))
    }

    fn visit(&self, visit: &mut impl FnMut(&Text)) {
        match self {
            Self::Constant(_) => {}
            Self::Text(text) | Self::Base64(text) => visit(text),
            Self::List(fields) => fields.iter().for_each(|field| field.value.visit(visit)),
            Self::Object(object) => object.visit(visit),
            Self::Stringify(value) => value.visit(visit),
        }
    }

    /// `None` for an object of which nothing is left.
    fn evaluate(&self, facts: &Facts<'_>) -> Result<Option<Json>, Unmet> {
        Ok(Some(match self {
            Self::Constant(constant) => constant.clone(),
            Self::Text(text) => text.value(facts).ok_or_else(|| text.missing())?,
            Self::Base64(text) => Json::Text(STANDARD.encode(text.text(facts)?)),
            Self::Stringify(value) => match value.evaluate(facts)? {
                Some(value) => Json::Text(value.to_string()),
                None => return Ok(None),
            },
            Self::List(fields) => {
                let mut values = Vec::new();
                for field in fields {
                    values.extend(field.evaluate(facts)?);
                }
                Json::List(values)
            }
            Self::Object(object) => {
                let members = object.members(facts)?;
                if members.is_empty() && !object.0.is_empty() {
                    return Ok(None);
                }
                Json::Object(members)
            }
        }))
    }
}

#[cfg(test)]
mod tests;
