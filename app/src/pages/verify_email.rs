//! `GET /verify-email`: requires a click, since mail scanners open links.

use leptos::prelude::*;

use super::{PageContext, RenderedPage, Shell};
use crate::{i18n::td_string, model::VerifyEmail, ui::Card};

pub(super) fn render(context: PageContext<'_>, page: VerifyEmail) -> RenderedPage {
    match page {
        VerifyEmail::Confirm { token, provider } => confirm(context, token, provider),
        VerifyEmail::Gone => gone(context),
    }
}

fn confirm(context: PageContext<'_>, token: String, provider: Option<String>) -> RenderedPage {
    let locale = context.locale;
    let title = td_string!(locale, verify_email.title);
    let home = context.home();
    let explain = match provider {
        None => td_string!(locale, verify_email.explain).to_owned(),
        Some(provider) => td_string!(locale, verify_email.explain_provider, provider = provider),
    };
    let body = view! {
        <Card locale home title popup=None>
            <p>{explain}</p>
            <form method="post" action="/verify-email">
                <input type="hidden" name="token" value=token />
                <button type="submit" class="button primary" autofocus>
                    {td_string!(locale, verify_email.submit)}
                </button>
            </form>
        </Card>
    };
    RenderedPage::new(title, Shell::Card, body).with_query_removed(context.nonce)
}

fn gone(context: PageContext<'_>) -> RenderedPage {
    let locale = context.locale;
    let title = td_string!(locale, verify_email.gone_title);
    let home = context.home();
    let body = view! {
        <Card locale home title popup=None>
            <p>{td_string!(locale, verify_email.gone)}</p>
            <a class="button primary" href="/login">
                {td_string!(locale, page.back_to_sign_in)}
            </a>
        </Card>
    };
    RenderedPage::new(title, Shell::Card, body).with_problem(true)
}
