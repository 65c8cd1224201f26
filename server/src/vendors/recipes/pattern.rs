//! Regular expressions that a whole text has to match.

use regex::{Regex, RegexBuilder};
use regex_syntax::{
    Parser,
    hir::{Class, Hir, HirKind},
};

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

/// Whether all texts that match have only letters, digits, `-`, `_` and `.`.
pub(super) fn is_plain(pattern: &Regex) -> bool {
    Parser::new()
        .parse(pattern.as_str())
        .is_ok_and(|hir| has_only_plain(&hir))
}

fn has_only_plain(hir: &Hir) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => true,
        HirKind::Literal(literal) => literal.0.iter().copied().all(plain),
        HirKind::Class(Class::Unicode(class)) => class.iter().all(|range| {
            let ends = (u8::try_from(range.start()), u8::try_from(range.end()));
            matches!(ends, (Ok(start), Ok(end)) if (start..=end).all(plain))
        }),
        HirKind::Class(Class::Bytes(class)) => class
            .iter()
            .all(|range| (range.start()..=range.end()).all(plain)),
        HirKind::Repetition(repetition) => has_only_plain(&repetition.sub),
        HirKind::Capture(capture) => has_only_plain(&capture.sub),
        HirKind::Concat(parts) | HirKind::Alternation(parts) => parts.iter().all(has_only_plain),
    }
}
