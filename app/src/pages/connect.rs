//! `GET /connect`: asks whether to connect an account at a provider, after a sign-in on both sides.

use leptos::prelude::*;

use super::{PageContext, RenderedPage, Shell};
use crate::{
    i18n::td_string,
    model::Connect,
    ui::{Card, FlowFields},
};

pub(super) fn render(context: PageContext<'_>, page: Connect) -> RenderedPage {
    let locale = context.locale;
    let title = td_string!(locale, connect.title, provider = page.provider.clone());
    let home = context.home();
    let popup = page.flow.popup.clone();
    let shell = Shell::of(popup.as_ref());
    let provider = page.provider.clone();
    let explain = td_string!(
        locale,
        connect.explain,
        provider = provider,
        email = page.viewer.email
    );
    let label = page
        .label
        .map(|label| view! { <p class="profile-name">{label}</p> });

    let body = view! {
        <Card locale home title=title.clone() popup>
            <p>{explain}</p>
            {label}
            <form method="post" action="/connect">
                <FlowFields flow=page.flow />
                <input type="hidden" name="viewer" value=page.viewer.uid />
                <button type="submit" name="connect" value="yes" class="button primary">
                    {td_string!(locale, connect.submit)}
                </button>
                <button type="submit" name="connect" value="no" class="button">
                    {td_string!(locale, connect.skip)}
                </button>
            </form>
        </Card>
    };
    RenderedPage::new(title, shell, body)
}
