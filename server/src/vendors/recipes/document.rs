//! Reads TOML so that every mistake is reported with file, line, key and what is allowed there.

use std::{
    cell::{Cell, RefCell},
    fmt,
    ops::RangeInclusive,
};

use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

/// A mistake in a recipe.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// Name or path of the file.
    pub file: String,
    /// Counted from 1.
    pub line: usize,
    /// The key, with those of the tables around it, separated by dots; empty for the file as a whole.
    pub key: String,
    /// Says what is wrong and what is allowed; follows the key.
    pub sentence: String,
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            file,
            line,
            key,
            sentence,
        } = self;
        match key.as_str() {
            "" => write!(f, "{file}:{line}: {sentence}"),
            _ => write!(f, "{file}:{line}: {key} {sentence}"),
        }
    }
}

/// A file while it is read, and the mistakes that were found.
pub(super) struct File<'a> {
    name: &'a str,
    text: &'a str,
    mistakes: RefCell<Vec<Mistake>>,
}

impl<'a> File<'a> {
    pub(super) fn new(name: &'a str, text: &'a str) -> Self {
        Self {
            name,
            text,
            mistakes: RefCell::default(),
        }
    }

    /// Reads the whole file with `read`.
    ///
    /// # Errors
    /// The mistakes, in the order of their lines.
    pub(super) fn read<T>(
        &self,
        read: impl FnOnce(Table<'_>) -> Option<T>,
    ) -> Result<T, Vec<Mistake>> {
        let parsed = match DeTable::parse(self.text) {
            Ok(parsed) => parsed,
            Err(error) => {
                let at = error.span().map_or(0, |span| span.start);
                return Err(vec![self.mistake(at, "", error.message())]);
            }
        };
        let read = read(Table::new(self, "", 0, parsed.get_ref()));
        let mut mistakes = self.mistakes.take();
        mistakes.sort_by_key(|mistake| mistake.line);
        mistakes.dedup();
        match read {
            Some(read) if mistakes.is_empty() => Ok(read),
            _ => Err(mistakes),
        }
    }

    fn mistake(&self, at: usize, key: &str, sentence: &str) -> Mistake {
        let before = self.text.get(..at).unwrap_or_default();
        Mistake {
            file: self.name.to_owned(),
            line: before.matches('\n').count() + 1,
            key: key.to_owned(),
            sentence: sentence.to_owned(),
        }
    }
}

/// A value in a file.
pub(super) struct Node<'a> {
    file: &'a File<'a>,
    key: String,
    value: &'a Spanned<DeValue<'a>>,
}

impl<'a> Node<'a> {
    /// Reports a mistake; `sentence` follows the key. Returns `None`, as the readers of a wrong value do.
    pub(super) fn wrong<T>(&self, sentence: &str) -> Option<T> {
        let mistake = self
            .file
            .mistake(self.value.span().start, &self.key, sentence);
        self.file.mistakes.borrow_mut().push(mistake);
        None
    }

    pub(super) fn key(&self) -> &str {
        &self.key
    }

    pub(super) fn value(&self) -> &'a DeValue<'a> {
        self.value.get_ref()
    }

    /// The values of a list.
    pub(super) fn list(&self) -> Option<Vec<Node<'a>>> {
        let DeValue::Array(values) = self.value() else {
            return self.wrong("must be a list");
        };
        let nodes = values.iter().enumerate().map(|(index, value)| Node {
            file: self.file,
            key: format!("{}[{index}]", self.key),
            value,
        });
        Some(nodes.collect())
    }

    pub(super) fn table(&self) -> Option<Table<'a>> {
        let DeValue::Table(table) = self.value() else {
            return self.wrong("must be a table");
        };
        let at = self.value.span().start;
        Some(Table::new(self.file, &self.key, at, table))
    }

    /// A text that is not empty.
    pub(super) fn text(&self) -> Option<String> {
        match self.value() {
            DeValue::String(text) if !text.is_empty() => Some(text.to_string()),
            _ => self.wrong("must be a text that is not empty"),
        }
    }

    pub(super) fn is_text(&self) -> bool {
        matches!(self.value(), DeValue::String(_))
    }

    pub(super) fn flag(&self) -> Option<bool> {
        match self.value() {
            DeValue::Boolean(flag) => Some(*flag),
            _ => self.wrong("must be true or false"),
        }
    }

    /// A whole number within bounds.
    pub(super) fn number(&self, bounds: RangeInclusive<i64>) -> Option<i64> {
        let number = match self.value() {
            DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix()).ok(),
            _ => None,
        };
        let number = number.filter(|number| bounds.contains(number));
        let (least, most) = (bounds.start(), bounds.end());
        number.or_else(|| {
            self.wrong(&format!(
                "must be a whole number from {least} to {most}, without quotes"
            ))
        })
    }

    /// A date such as `2026-11-30`, without quotes.
    pub(super) fn date(&self) -> Option<String> {
        match self.value() {
            DeValue::Datetime(date) if date.time.is_none() => Some(date.to_string()),
            _ => self.wrong("must be a date such as 2026-11-30, without quotes"),
        }
    }

    /// One of the names in a table of names and their meanings.
    pub(super) fn one_of<T: Copy>(&self, names: &[(&str, T)]) -> Option<T> {
        let text = match self.value() {
            DeValue::String(text) => text.as_ref(),
            _ => "",
        };
        let found = names.iter().find(|(name, _)| *name == text);
        found.map(|(_, meaning)| *meaning).or_else(|| {
            let names: Vec<&str> = names.iter().map(|(name, _)| *name).collect();
            self.wrong(&format!("must be one of: {}", names.join(", ")))
        })
    }
}

/// A table in a file. It knows which keys were read, so that all others are mistakes.
pub(super) struct Table<'a> {
    file: &'a File<'a>,
    key: String,
    at: usize,
    entries: Vec<(&'a str, Node<'a>)>,
    known: RefCell<Vec<String>>,
    is_open: Cell<bool>,
}

impl<'a> Table<'a> {
    fn new(file: &'a File<'a>, key: &str, at: usize, table: &'a DeTable<'a>) -> Self {
        let entries = table.iter().map(|(name, value)| {
            let name: &'a str = name.get_ref();
            let key = match key {
                "" => name.to_owned(),
                _ => format!("{key}.{name}"),
            };
            (name, Node { file, key, value })
        });
        Self {
            file,
            key: key.to_owned(),
            at,
            entries: entries.collect(),
            known: RefCell::default(),
            is_open: Cell::new(false),
        }
    }

    /// Reports a mistake of the table as a whole.
    pub(super) fn wrong<T>(&self, sentence: &str) -> Option<T> {
        let mistake = self.file.mistake(self.at, &self.key, sentence);
        self.file.mistakes.borrow_mut().push(mistake);
        None
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.entries.iter().any(|(other, _)| *other == name)
    }

    /// The value of a key that may be missing.
    pub(super) fn optional(&self, name: &str) -> Option<&Node<'a>> {
        self.known.borrow_mut().push(name.to_owned());
        let mut entries = self.entries.iter();
        entries.find_map(|(other, node)| (*other == name).then_some(node))
    }

    /// The value of a key that must be there.
    pub(super) fn required(&self, name: &str) -> Option<&Node<'a>> {
        self.optional(name)
            .or_else(|| self.wrong(&format!("needs {name:?}")))
    }

    /// All keys and values, for a table whose keys are the author's own.
    pub(super) fn all(&self) -> &[(&'a str, Node<'a>)] {
        self.is_open.set(true);
        &self.entries
    }
}

/// Reports the keys that nothing has read.
impl Drop for Table<'_> {
    fn drop(&mut self) {
        if self.is_open.get() {
            return;
        }
        let known = self.known.take();
        for (name, node) in &self.entries {
            if !known.iter().any(|known| known == name) {
                let allowed = known.join(", ");
                node.wrong::<()>(&format!("is not known here; allowed: {allowed}"));
            }
        }
    }
}
