//! Marks the elements of islands, so that the boot script tells them from those that browser extensions add.

const START: &str = "<leptos-island ";
const END: &str = "</leptos-island>";

/// An attribute without a value.
const MARK: &str = " data-ours";

/// Adds the mark to every element in the islands of a rendered document, in whose texts and attributes every `<` is
/// escaped.
pub(crate) fn mark_islands(html: &str) -> String {
    let mut marked = String::with_capacity(html.len() + html.len() / 16);
    let mut rest = html;
    while let Some((before, island)) = rest.split_once(START) {
        let (island, after) = island.split_once(END).unwrap_or((island, ""));
        marked.push_str(before);
        marked.push_str(START);
        mark_elements(island, &mut marked);
        marked.push_str(END);
        rest = after;
    }
    marked.push_str(rest);
    marked
}

fn mark_elements(island: &str, marked: &mut String) {
    let mut parts = island.split('<');
    marked.push_str(parts.next().unwrap_or_default());
    for part in parts {
        let is_end_of_name = |letter: char| !letter.is_ascii_alphanumeric() && letter != '-';
        let (name, attributes) = part.split_at(part.find(is_end_of_name).unwrap_or(part.len()));
        marked.push('<');
        marked.push_str(name);
        // End tags and comments have no name here.
        if !name.is_empty() {
            marked.push_str(MARK);
        }
        marked.push_str(attributes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_element_in_an_island_is_marked_and_nothing_else() {
        let plain = "<p>a &lt;b&gt;</p>";
        for (island, marked) in [
            ("", ""),
            ("&lt;b&gt; c", "&lt;b&gt; c"),
            ("<br>", "<br data-ours>"),
            ("<br/>", "<br data-ours/>"),
            (
                r#"<div class="x"><!><h2>a</h2></div>"#,
                r#"<div data-ours class="x"><!><h2 data-ours>a</h2></div>"#,
            ),
        ] {
            let page = |island: &str| {
                let props = r#"<leptos-island data-component="X" data-props="{&quot;a&quot;:&quot;&lt;b&gt;&quot;}">"#;
                format!(
                    "{plain}{props}{island}</leptos-island>{plain}{props}{island}</leptos-island>{plain}"
                )
            };
            assert_eq!(mark_islands(&page(island)), page(marked));
        }
        assert_eq!(mark_islands(plain), plain);
    }
}
