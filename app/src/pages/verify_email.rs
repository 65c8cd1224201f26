//! `GET /verify-email`: asks for a click, since mail scanners follow links.

use leptos::prelude::*;

use super::{Scene, Sheet, Shell};
use crate::{i18n::td_string, model::VerifyEmail, ui::Card};

pub(super) fn draw(scene: Scene<'_>, page: VerifyEmail) -> Sheet {
    match page {
        VerifyEmail::Confirm { token, provider } => confirm(scene, token, provider),
        VerifyEmail::Gone => gone(scene),
    }
}

fn confirm(scene: Scene<'_>, token: String, provider: Option<String>) -> Sheet {
    let locale = scene.locale;
    let title = td_string!(locale, verify_email.title);
    let home = scene.home();
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
    Sheet::new(title, Shell::Card, body).with_query_forgotten(scene.nonce)
}

fn gone(scene: Scene<'_>) -> Sheet {
    let locale = scene.locale;
    let title = td_string!(locale, verify_email.gone_title);
    let home = scene.home();
    let body = view! {
        <Card locale home title popup=None>
            <p>{td_string!(locale, verify_email.gone)}</p>
            <a class="button primary" href="/login">
                {td_string!(locale, page.back_to_sign_in)}
            </a>
        </Card>
    };
    Sheet::new(title, Shell::Card, body).with_problem(true)
}
