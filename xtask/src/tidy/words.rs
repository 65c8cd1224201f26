//! One word for one thing: no word that `docs/words.txt` lists as old may be used.

use super::Violation;
use super::files::Source;

const LIST: &str = "docs/words.txt";
/// The list, the glossary that explains it, and this file, whose tests use old words.
const EXEMPT: [&str; 3] = [LIST, "docs/glossary.md", "xtask/src/tidy/words.rs"];
const EXTENSIONS: [&str; 7] = ["rs", "ts", "js", "css", "html", "md", "example"];

/// An entry of the list: a line `old => new`.
struct Entry<'a> {
    old: &'a str,
    new: &'a str,
    words: Vec<String>,
    /// Whether the case must match, as it must for old words with capital letters.
    exact: bool,
}

/// Finds old words, in sentences and in names.
pub(super) fn outdated(sources: &[Source]) -> Vec<Violation> {
    let Some(list) = sources.iter().find(|source| source.path == LIST) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    let mut entries = Vec::new();
    for (number, line) in list.lines() {
        match entry(line) {
            Ok(entry) => entries.extend(entry),
            Err(advice) => found.push(Violation::new("words", list, number, advice)),
        }
    }
    for source in sources.iter().filter(|source| is_read(source)) {
        for (number, line) in source.lines() {
            found.extend(in_line(&entries, line).map(|entry| {
                let advice = format!("{:?} → use {:?} (docs/glossary.md)", entry.old, entry.new);
                Violation::new("words", source, number, advice)
            }));
        }
    }
    found
}

fn is_read(source: &Source) -> bool {
    let is_locale = source.is("json") && source.path.contains("/locales/");
    (is_locale || EXTENSIONS.iter().any(|extension| source.is(extension)))
        && !EXEMPT.contains(&source.path.as_str())
}

fn entry(line: &str) -> Result<Option<Entry<'_>>, &'static str> {
    let line = line.trim();
    if line.is_empty() || line.starts_with('#') {
        return Ok(None);
    }
    let (old, new) = line
        .split_once("=>")
        .ok_or("must be `old => new`, a comment that begins with `#`, or empty.")?;
    let (old, new) = (old.trim(), new.trim());
    let exact = old.chars().any(char::is_uppercase);
    let words: Vec<String> = words(old)
        .into_iter()
        .map(|word| spelled(word, exact))
        .collect();
    if words.is_empty() || new.is_empty() {
        return Err("must have a word on each side of `=>`.");
    }
    Ok(Some(Entry {
        old,
        new,
        words,
        exact,
    }))
}

fn in_line<'a>(entries: &'a [Entry<'a>], line: &'a str) -> impl Iterator<Item = &'a Entry<'a>> {
    let exact = words(line);
    let plain: Vec<String> = exact.iter().map(|word| word.to_lowercase()).collect();
    entries.iter().filter(move |entry| {
        let length = entry.words.len();
        if entry.exact {
            exact.windows(length).any(|window| window == entry.words)
        } else {
            plain.windows(length).any(|window| window == entry.words)
        }
    })
}

fn spelled(word: &str, exact: bool) -> String {
    if exact {
        word.to_owned()
    } else {
        word.to_lowercase()
    }
}

/// Splits a text into words; `snake_case` and `CamelCase` are two words each.
fn words(text: &str) -> Vec<&str> {
    let is_part = |character: char| character.is_alphanumeric() || character == '\'';
    let runs = text.split(|character| !is_part(character));
    runs.map(|run| run.trim_matches('\''))
        .filter(|run| !run.is_empty())
        .flat_map(humps)
        .collect()
}

/// Splits CamelCase: `HindranceKind` is `Hindrance` and `Kind`, `HTMLPage` is `HTML` and `Page`.
fn humps(run: &str) -> Vec<&str> {
    let characters: Vec<(usize, char)> = run.char_indices().collect();
    let mut parts = Vec::new();
    let mut start = 0;
    for (index, (at, character)) in characters.iter().enumerate().skip(1) {
        let before = characters.get(index - 1).map(|(_, before)| *before);
        let after = characters.get(index + 1).map(|(_, after)| *after);
        let rises = before.is_some_and(char::is_lowercase) && character.is_uppercase();
        let ends_capitals = before.is_some_and(char::is_uppercase)
            && character.is_uppercase()
            && after.is_some_and(char::is_lowercase);
        if rises || ends_capitals {
            parts.extend(run.get(start..*at));
            start = *at;
        }
    }
    parts.extend(run.get(start..));
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    const WORDS: &str = "# Old words.\n\nat most => max\nhindrance => obstacle\nlogin elsewhere => external login\nKEPT => TTL\n";

    fn found(path: &str, text: &str) -> Vec<String> {
        let sources = [Source::new(LIST, WORDS), Source::new(path, text)];
        outdated(&sources)
            .iter()
            .map(Violation::to_string)
            .collect()
    }

    #[test]
    fn old_words_are_found_in_sentences() {
        assert_eq!(
            found("README.md", "Fine.\nA Login-elsewhere, for one.\n"),
            [
                "README.md:2: [words] \"login elsewhere\" → use \"external login\" (docs/glossary.md)"
            ]
        );
        assert!(found("README.md", "Hindrances are other words.").is_empty());
    }

    #[test]
    fn old_words_are_found_in_names() {
        for name in [
            "BODY_AT_MOST",
            "HindranceKind",
            "its_hindrance",
            "bodyAtMost",
            "HTMLHindrance",
        ] {
            assert_eq!(found("server/src/a.rs", name).len(), 1, "{name}");
        }
        assert!(found("server/src/a.rs", "mostly at_the_most unhindrance").is_empty());
    }

    #[test]
    fn capitals_in_the_list_must_match() {
        assert_eq!(found("app/src/a.rs", "CODE_KEPT").len(), 1);
        assert!(found("app/src/a.rs", "It is kept.").is_empty());
    }

    #[test]
    fn the_list_and_its_glossary_may_name_old_words() {
        assert!(found("docs/glossary.md", "hindrance: see obstacle").is_empty());
        assert_eq!(
            found("app/locales/en.json", "{\"a\": \"hindrance\"}").len(),
            1
        );
        assert_eq!(found(".env.example", "# A hindrance.").len(), 1);
    }

    #[test]
    fn malformed_lines_of_the_list_are_found() {
        let sources = [Source::new(LIST, "way\n=> sign-in method\n")];
        assert_eq!(outdated(&sources).len(), 2);
    }
}
