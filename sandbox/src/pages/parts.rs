//! The building blocks of consoles.

use maud::{Markup, html};

/// A part of a page with a title; `id` is the title's.
pub(crate) fn panel(id: &str, title: &str, body: Markup) -> Markup {
    panel_with(id, title, html! {}, body)
}

/// A [`panel`] with something beside its title.
pub(crate) fn panel_with(id: &str, title: &str, beside: Markup, body: Markup) -> Markup {
    html! {
        section.panel aria-labelledby=(id) {
            div.panel-head { h2 id=(id) { (title) } (beside) }
            (body)
        }
    }
}

/// A status or an outcome, marked as good or bad.
pub(crate) fn badge(is_good: bool, text: &str) -> Markup {
    let class = if is_good { "badge good" } else { "badge bad" };
    html! { span class=(class) { (text) } }
}

/// A badge that says whether a service works.
pub(crate) fn works(works: bool) -> Markup {
    badge(works, if works { "Works" } else { "Fails" })
}

pub(crate) fn or_dash(text: Option<&str>) -> Markup {
    html! { @match text { Some(text) => (text), None => span.none { "–" } } }
}

/// A table that scrolls on its own where the page is narrow.
pub(crate) fn table(
    labelled_by: &str,
    titles: &[&str],
    rows: impl Iterator<Item = Markup>,
) -> Markup {
    html! {
        div.scroll tabindex="0" role="region" aria-labelledby=(labelled_by) {
            table {
                thead { tr { @for title in titles { th scope="col" { (title) } } } }
                tbody { @for row in rows { tr { (row) } } }
            }
        }
    }
}

/// A table of what a service has recorded.
pub(crate) struct Record<'a> {
    /// The path of its console.
    pub(crate) console: &'a str,
    pub(crate) id: &'a str,
    pub(crate) title: &'a str,
    /// Shown while there are no entries.
    pub(crate) empty: &'a str,
    /// The titles of the columns.
    pub(crate) titles: &'a [&'a str],
}

impl Record<'_> {
    /// The entries, latest first.
    pub(crate) fn of<T>(&self, entries: &[T], row: impl Fn(&T) -> Markup) -> Markup {
        let refresh = html! { a.button.quiet href=(self.console) { "Refresh" } };
        let body = html! {
            @if entries.is_empty() { p.empty { (self.empty) } }
            @else { (table(self.id, self.titles, entries.iter().rev().map(row))) }
        };
        panel_with(self.id, self.title, refresh, body)
    }
}

/// A button for each position of a switch; the one that is set is pressed.
pub(crate) fn buttons<T: PartialEq>(
    console: &str,
    labelled_by: &str,
    name: &str,
    positions: &[(T, &str, &str)],
    set: T,
) -> Markup {
    html! {
        form.switches method="post" action={ (console) "/control" } aria-labelledby=(labelled_by) {
            @for (position, code, meaning) in positions {
                button type="submit" name=(name) value=(code) aria-pressed=(*position == set) { (meaning) }
            }
        }
    }
}

/// A drop-down list of a switch's positions, for the form around it.
pub(crate) fn choice<T: PartialEq>(
    name: &str,
    label: &str,
    positions: &[(T, &str, &str)],
    set: T,
) -> Markup {
    html! {
        label for=(name) { (label) }
        select id=(name) name=(name) {
            @for (position, code, meaning) in positions {
                option value=(code) selected[*position == set] { (meaning) }
            }
        }
    }
}

/// A field for a number from 0 to `highest`, for the form around it.
pub(crate) fn number(name: &str, label: &str, highest: u32, value: u32) -> Markup {
    html! {
        label for=(name) { (label) }
        input id=(name) name=(name) type="number" min="0" max=(highest) required value=(value);
    }
}
