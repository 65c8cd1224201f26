//! A page on the way to an identity provider. The response sends the browser on; the link is for those that stay.

use leptos::prelude::*;

use super::{Scene, Sheet, Shell};
use crate::{i18n::td_string, model::Leave, ui::Card};

pub(super) fn draw(scene: Scene<'_>, page: Leave) -> Sheet {
    let locale = scene.locale;
    let provider = page.provider;
    let title = td_string!(locale, leave.title, provider = provider.clone());
    let home = scene.home();
    let body = view! {
        <Card locale home title=title.clone() popup=None>
            <p>{td_string!(locale, leave.explain)}</p>
            <a class="button primary" href=page.url>
                {td_string!(locale, leave.go, provider = provider)}
            </a>
        </Card>
    };
    Sheet::new(title, Shell::Card, body)
}
