//! Regular expressions that a whole text has to match.

use regex::{Regex, RegexBuilder};

use super::document::Node;

/// In bytes; the largest that is of any use for an identifier.
const MAX_COMPILED: usize = 64 * 1024;

/// Reads a pattern. It always has to match the whole text.
pub(super) fn read(node: &Node<'_>) -> Option<Regex> {
    let text = node.text()?;
    let whole = RegexBuilder::new(&format!(r"\A(?:{text})\z"))
        .size_limit(MAX_COMPILED)
        .build();
    match whole {
        Ok(_) if Regex::new(&text).is_err() => node.wrong("must be a regular expression"),
        Ok(pattern) => Some(pattern),
        Err(_) => node.wrong(
            "must be a regular expression, without look-around and back-references, of moderate size",
        ),
    }
}
