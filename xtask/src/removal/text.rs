//! Removes a vendor from the content of a file.

/// Removes the lines that contain the vendor's name, ignoring case.
pub(super) fn without_lines(text: &str, vendor: &str) -> String {
    keep(text, |line| !line.to_ascii_lowercase().contains(vendor))
}

/// Removes the declaration of a module.
pub(super) fn without_module(text: &str, module: &str) -> String {
    let declares = |line: &str| {
        let rest = line.trim().strip_suffix(';');
        let name = rest
            .and_then(|rest| rest.rsplit_once("mod "))
            .map(|(_, name)| name);
        name == Some(module)
    };
    keep(text, |line| !declares(line))
}

/// Removes the paragraphs whose variables all belong to the vendor, and the vendor's variables in other
/// paragraphs.
pub(super) fn without_variables(text: &str, vendor: &str) -> String {
    let prefix = format!("{}_", vendor.to_ascii_uppercase());
    let is_own = |line: &str| {
        variable(line).map(|name| name.trim_start_matches("OAUTH_").starts_with(&prefix))
    };
    let paragraphs = text.split("\n\n").filter_map(|paragraph| {
        let mut variables = paragraph.lines().filter_map(is_own).peekable();
        let has_some = variables.peek().is_some();
        if has_some && variables.all(|own| own) {
            return None;
        }
        Some(keep(paragraph, |line| is_own(line) != Some(true)))
    });
    let text = paragraphs.collect::<Vec<_>>().join("\n\n");
    format!("{}\n", text.trim_end())
}

/// The name in `NAME=value` and in `# NAME=value`.
fn variable(line: &str) -> Option<&str> {
    let (name, _) = line.trim_start_matches(['#', ' ']).split_once('=')?;
    let is_name = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
    Some(name).filter(|name| name.chars().all(is_name))
}

fn keep(text: &str, wanted: impl Fn(&str) -> bool) -> String {
    text.split_inclusive('\n')
        .filter(|line| wanted(line.trim_end_matches('\n')))
        .collect()
}
