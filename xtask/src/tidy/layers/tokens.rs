//! A tokenizer for Rust: names and punctuation with their lines, without comments, literals and lifetimes.

/// A name, `::`, or one other character.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Token<'a> {
    pub(super) text: &'a str,
    pub(super) line: usize,
}

impl Token<'_> {
    /// Whether this is a name or a keyword.
    pub(super) fn is_name(&self) -> bool {
        self.text
            .starts_with(|character: char| character.is_alphabetic() || character == '_')
    }
}

/// The tokens of a file.
pub(super) fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut rest = text;
    let mut line = 1;
    while let Some(first) = rest.chars().next() {
        let (length, is_token) = next(rest, first);
        let (taken, after) = rest.split_at(length);
        if is_token {
            let text = taken.strip_prefix("r#").unwrap_or(taken);
            tokens.push(Token { text, line });
        }
        line += taken.matches('\n').count();
        rest = after;
    }
    tokens
}

/// The length of what comes next, in bytes, and whether it is a token.
fn next(rest: &str, first: char) -> (usize, bool) {
    if let Some(length) = comment(rest).or_else(|| string(rest)) {
        return (length, false);
    }
    if first == '\'' {
        return (quote(rest), false);
    }
    if rest.starts_with("::") {
        return (2, true);
    }
    let name = rest.strip_prefix("r#").map_or(0, |_| 2) + name(rest.trim_start_matches("r#"));
    if name > 0 {
        return (name, true);
    }
    (first.len_utf8(), !first.is_whitespace())
}

fn name(text: &str) -> usize {
    text.find(|character: char| !character.is_alphanumeric() && character != '_')
        .unwrap_or(text.len())
}

fn comment(rest: &str) -> Option<usize> {
    if rest.starts_with("//") {
        return Some(rest.find('\n').unwrap_or(rest.len()));
    }
    if !rest.starts_with("/*") {
        return None;
    }
    let mut depth = 0_usize;
    let mut at = 0;
    while at < rest.len() {
        let here = rest.get(at..).unwrap_or_default();
        if here.starts_with("/*") {
            depth += 1;
            at += 2;
        } else if here.starts_with("*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return Some(at);
            }
        } else {
            at += here.chars().next().map_or(1, char::len_utf8);
        }
    }
    Some(rest.len())
}

/// The length of a string literal, raw or not.
fn string(rest: &str) -> Option<usize> {
    let body = rest.trim_start_matches(['b', 'c']);
    let prefix = rest.len() - body.len();
    if prefix > 1 {
        return None;
    }
    if let Some(raw) = body.strip_prefix('r') {
        let hashes = raw.len() - raw.trim_start_matches('#').len();
        let inside = raw.trim_start_matches('#').strip_prefix('"')?;
        let end = format!("\"{}", "#".repeat(hashes));
        let length = inside
            .find(&end)
            .map_or(inside.len(), |found| found + end.len());
        return Some(prefix + 1 + hashes + 1 + length);
    }
    let inside = body.strip_prefix('"')?;
    Some(prefix + 1 + until(inside, '"'))
}

/// The length of a character literal, or of a lifetime.
fn quote(rest: &str) -> usize {
    let inside = rest.get(1..).unwrap_or_default();
    let mut characters = inside.chars();
    match (characters.next(), characters.next()) {
        (Some('\\'), _) => 1 + until(inside, '\''),
        (Some(character), Some('\'')) => 2 + character.len_utf8(),
        _ => 1 + name(inside),
    }
}

/// The length up to and including the character that ends a literal.
fn until(inside: &str, end: char) -> usize {
    let mut escaped = false;
    for (at, character) in inside.char_indices() {
        if escaped {
            escaped = false;
        } else if character == '\\' {
            escaped = true;
        } else if character == end {
            return at + character.len_utf8();
        }
    }
    inside.len()
}
