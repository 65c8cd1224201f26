//! `GET /login` in a popup for a visitor who is signed in.

use leptos::prelude::*;

use super::{PageContext, RenderedPage, Shell};
use crate::{
    accounts::ProfileForm,
    i18n::td_string,
    model::ContinueAs,
    ui::{Avatar, Card, FlowFields},
};

pub(super) fn render(context: PageContext<'_>, page: ContinueAs) -> RenderedPage {
    let locale = context.locale;
    let title = td_string!(locale, continue_as.title);
    let home = context.home();
    let popup = page.flow.popup.clone();
    let shell = Shell::of(popup.as_ref());
    let shared = popup.clone().map(|popup| {
        let name = popup.chat_box_name;
        view! { <p class="quiet">{td_string!(locale, continue_as.shared, name = name)}</p> }
    });
    let viewer = page.viewer;
    let name = viewer.display_name.clone();
    let profile = ProfileForm {
        display_name: viewer.display_name,
        photo_url: viewer.photo_url.unwrap_or_default(),
    };

    let body = view! {
        <Card locale home title popup>
            <div class="profile-head">
                <Avatar profile=Signal::stored(profile.clone()) />
                <div>
                    <p class="profile-name">{profile.display_name}</p>
                    <p class="quiet">{viewer.email}</p>
                </div>
            </div>
            {shared}
            <form method="post" action="/continue">
                <FlowFields flow=page.flow.clone() />
                <input type="hidden" name="viewer" value=viewer.uid />
                <button type="submit" class="button primary" autofocus>
                    {td_string!(locale, continue_as.submit, name = name)}
                </button>
            </form>
            <form method="post" action="/switch-account">
                <FlowFields flow=page.flow />
                <button type="submit" class="button">
                    {td_string!(locale, continue_as.switch)}
                </button>
            </form>
        </Card>
    };
    RenderedPage::new(title, shell, body)
}
