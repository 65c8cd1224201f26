//! The page before an identity provider. The response redirects; the link is the fallback.

use leptos::prelude::*;

use super::{PageContext, RenderedPage, Shell};
use crate::{i18n::td_string, model::ProviderRedirect, ui::Card};

pub(super) fn render(context: PageContext<'_>, page: ProviderRedirect) -> RenderedPage {
    let locale = context.locale;
    let provider = page.provider;
    let title = td_string!(locale, provider_redirect.title, provider = provider.clone());
    let home = context.home();
    let body = view! {
        <Card locale home title=title.clone() popup=None>
            <p>{td_string!(locale, provider_redirect.explain)}</p>
            <a class="button primary" href=page.url>
                {td_string!(locale, provider_redirect.go, provider = provider)}
            </a>
        </Card>
    };
    RenderedPage::new(title, Shell::Card, body)
}
