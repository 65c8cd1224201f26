//! The page that sends the browser to another origin. The response redirects; the link is the fallback.

use leptos::prelude::*;

use super::{PageContext, RenderedPage, Shell};
use crate::{i18n::td_string, model::Leave, ui::Card};

pub(super) fn render(context: PageContext<'_>, page: Leave) -> RenderedPage {
    let locale = context.locale;
    let name = page.name;
    let title = td_string!(locale, leave.title, name = name.clone());
    let home = context.home();
    let body = view! {
        <Card locale home title=title.clone() popup=None>
            <p>{td_string!(locale, leave.explain)}</p>
            <a class="button primary" href=page.url>
                {td_string!(locale, leave.go, name = name)}
            </a>
        </Card>
    };
    RenderedPage::new(title, Shell::Card, body)
}
