//! Bundles the files that `style/main.css` imports into one stylesheet, in the order of the imports.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

use super::short_hash;
use crate::repo;

/// Writes the stylesheet; returns its file name.
pub(super) fn build(pkg: &Path) -> Result<String> {
    let css = bundle(&repo::root().join("style"))?;
    let name = format!("latchkey.{}.css", short_hash([css.as_bytes()]));
    repo::write(&pkg.join(&name), css)?;
    Ok(name)
}

fn bundle(folder: &Path) -> Result<String> {
    let read = |name: &str| {
        let file = folder.join(name);
        fs::read_to_string(&file)
            .with_context(|| format!("Cannot read {}; style/main.css names it.", file.display()))
    };
    if !folder.join("main.css").is_file() {
        return Ok(String::new());
    }
    let mut css = String::new();
    for name in imports(&read("main.css")?)? {
        css.push_str(&minify(&read(&name)?));
    }
    Ok(css)
}

/// The files in a list of `@import "x.css";` lines; anything else in it is an error.
fn imports(main: &str) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for line in minify(main).lines() {
        let name = line
            .strip_prefix("@import \"")
            .and_then(|rest| rest.strip_suffix("\";"));
        match name {
            Some(name) => names.push(name.trim_start_matches("./").to_owned()),
            None => bail!(
                "style/main.css contains {line:?}; keep it a list of `@import \"file.css\";` lines."
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
        assert_eq!(imports(main).unwrap(), ["tokens.css", "base.css"]);
    }

    #[test]
    fn the_list_may_contain_only_imports() {
        assert!(imports("@import \"a.css\";\nbody { margin: 0 }\n").is_err());
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
