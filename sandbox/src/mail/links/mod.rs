//! Finds the URLs in a mail's text.

/// A piece of a mail's text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    Text(&'a str),
    Link(&'a str),
}

/// Splits `text` into pieces whose concatenation is `text`.
/// Only `http:` and `https:` URLs become links; punctuation after a URL is not part of it.
pub(super) fn split(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some(start) = next_link(rest) {
        let (before, from_link) = rest.split_at(start);
        let (link, after) = from_link.split_at(link_length(from_link));
        if !before.is_empty() {
            pieces.push(Piece::Text(before));
        }
        pieces.push(Piece::Link(link));
        rest = after;
    }
    if !rest.is_empty() {
        pieces.push(Piece::Text(rest));
    }
    pieces
}

fn next_link(text: &str) -> Option<usize> {
    let starts = ["http://", "https://"].map(|scheme| text.find(scheme));
    starts.into_iter().flatten().min()
}

fn link_length(text: &str) -> usize {
    let ends = |c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | '\'');
    let link = &text[..text.find(ends).unwrap_or(text.len())];
    link.trim_end_matches(['.', ',', ';', ':', '!', '?', ')', ']'])
        .len()
}

#[cfg(test)]
mod tests;
