//! Bundles the files that a list in `style/` imports into one stylesheet, in the order of the imports.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

use super::short_hash;
use crate::repo;

/// The list of every page's styles.
pub(super) const MAIN: &str = "main";
/// The list of those that only the demo site's pages need.
pub(super) const SITE: &str = "site_pages";

/// Writes the stylesheet of a list; returns its file name.
pub(super) fn build(pkg: &Path, list: &str) -> Result<String> {
    let css = bundle(&repo::root().join("style"), &format!("{list}.css"))?;
    let name = format!("{list}.{}.css", short_hash([css.as_bytes()]));
    repo::write(&pkg.join(&name), css)?;
    Ok(name)
}

fn bundle(folder: &Path, list: &str) -> Result<String> {
    let read = |name: &str| {
        let file = folder.join(name);
        fs::read_to_string(&file)
            .with_context(|| format!("Cannot read {}; style/{list} names it.", file.display()))
    };
    if !folder.join(list).is_file() {
        return Ok(String::new());
    }
    let mut css = String::new();
    for name in imports(list, &read(list)?)? {
        css.push_str(&minify(&read(&name)?));
    }
    Ok(css)
}

/// The files in a list of `@import "x.css";` lines; anything else in it is an error.
fn imports(list: &str, text: &str) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for line in minify(text).lines() {
        let name = line
            .strip_prefix("@import \"")
            .and_then(|rest| rest.strip_suffix("\";"));
        match name {
            Some(name) => names.push(name.trim_start_matches("./").to_owned()),
            None => bail!(
                "style/{list} contains {line:?}; keep it a list of `@import \"file.css\";` lines."
            ),
        }
    }
    Ok(names)
}

/// Removes comments, indentation and empty lines, but nothing inside a string.
fn minify(css: &str) -> String {
    let mut output = String::with_capacity(css.len());
    for line in without_comments(css)
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
    {
        output.push_str(line);
        output.push('\n');
    }
    output
}

fn without_comments(css: &str) -> String {
    let mut output = String::with_capacity(css.len());
    let mut quote = None;
    let mut characters = css.chars().peekable();
    while let Some(character) = characters.next() {
        if quote.is_none() && character == '/' && characters.next_if_eq(&'*').is_some() {
            let mut last = ' ';
            for inside in characters.by_ref() {
                if last == '*' && inside == '/' {
                    break;
                }
                last = inside;
            }
            // A comment separates tokens.
            output.push(' ');
            continue;
        }
        output.push(character);
        match quote {
            _ if character == '\\' => output.extend(characters.next()),
            Some(open) if open == character => quote = None,
            None if matches!(character, '"' | '\'') => quote = Some(character),
            _ => {}
        }
    }
    output
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_come_in_the_order_of_the_imports() {
        let main = "/* order matters */\n@import \"tokens.css\";\n\n@import \"./base.css\";\n";
        assert_eq!(
            imports("main.css", main).unwrap(),
            ["tokens.css", "base.css"]
        );
    }

    #[test]
    fn the_list_may_contain_only_imports() {
        assert!(imports("main.css", "@import \"a.css\";\nbody { margin: 0 }\n").is_err());
    }

    #[test]
    fn comments_and_indentation_are_removed() {
        assert_eq!(
            minify("a { /* why\n so */\n  color: red;\n\n}\n"),
            "a {\ncolor: red;\n}\n"
        );
    }

    #[test]
    fn strings_stay_as_they_are() {
        let css = "a::before { content: \"/* no comment */ \\\" \"; }\n";
        assert_eq!(minify(css), css);
    }

    #[test]
    fn a_comment_between_two_words_keeps_them_apart() {
        assert_eq!(minify("margin: 1px/**/2px;"), "margin: 1px 2px;\n");
    }
}
