//! `LICENSES.txt`: every licence text once, after the packages to which it applies.

use std::collections::BTreeMap;
use std::fmt::Write;

use crate::inventory::Component;

/// What belongs to no package.
const OTHERS: &str = include_str!("others.txt");

/// The text of all licences.
pub(crate) fn text(components: &[Component]) -> String {
    let mut by_text: BTreeMap<&str, Vec<&Component>> = BTreeMap::new();
    for component in components {
        for text in &component.texts {
            by_text.entry(text).or_default().push(component);
        }
    }
    let mut output =
        "What is inside latchkey and latchkey-sandbox, and its licences\n\n".to_owned();
    for component in components {
        let Component {
            name,
            version,
            license,
            ..
        } = component;
        let known = if component.texts.is_empty() {
            "  (the package has no text of its licence)"
        } else {
            ""
        };
        line(
            &mut output,
            format_args!("{name} {version}: {license}{known}"),
        );
    }
    let mut groups: Vec<_> = by_text.into_iter().collect();
    groups.sort_by(|(_, a), (_, b)| (&a[0].url, b.len()).cmp(&(&b[0].url, a.len())));
    for (text, owners) in groups {
        let owners: Vec<String> = owners
            .iter()
            .map(|owner| format!("{} {}", owner.name, owner.version))
            .collect();
        line(
            &mut output,
            format_args!("\n{}\n{}\n\n{text}", "-".repeat(80), owners.join(", ")),
        );
    }
    line(&mut output, format_args!("\n{}\n{OTHERS}", "-".repeat(80)));
    output
}

fn line(output: &mut String, line: std::fmt::Arguments) {
    // Writing to a string cannot fail.
    let _ = writeln!(output, "{line}");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn component(name: &str, texts: &[&str]) -> Component {
        Component {
            name: name.to_owned(),
            version: "1.0.0".to_owned(),
            url: format!("pkg:cargo/{name}@1.0.0"),
            license: "MIT".to_owned(),
            texts: texts.iter().map(|&text| text.to_owned()).collect(),
            hash: None,
        }
    }

    #[test]
    fn a_text_that_several_share_is_there_once_with_all_their_names() {
        let text = text(&[
            component("a", &["Permission is granted"]),
            component("b", &["Permission is granted", "Notice"]),
            component("c", &[]),
        ]);
        assert_eq!(text.matches("Permission is granted").count(), 1, "{text}");
        assert!(text.contains("a 1.0.0, b 1.0.0\n\nPermission is granted"));
        assert!(text.contains("b 1.0.0\n\nNotice"));
        assert!(text.contains("c 1.0.0: MIT  (the package has no text of its licence)"));
    }
}
