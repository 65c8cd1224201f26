//! The frame of the login's pages.

use leptos::prelude::*;

use super::brand::{Brand, Mark};
use crate::{
    i18n::{Locale, td_string},
    model::Popup,
};

/// The bar above pages that are not part of a sign-in.
#[component]
pub(crate) fn Header(locale: Locale, href: String, children: Children) -> impl IntoView {
    view! {
        <header class="bar">
            <Brand locale href />
            <nav>{children()}</nav>
        </header>
    }
}

/// A card for one task, beside the brand panel or filling the popup.
#[component]
pub(crate) fn Card(
    locale: Locale,
    home: String,
    #[prop(into)] title: String,
    popup: Option<Popup>,
    children: Children,
) -> impl IntoView {
    let in_popup = popup.is_some();
    let cancel = popup.clone().map(|popup| view! { <Cancel locale popup /> });
    let lead = popup.map(|popup| {
        let name = popup.chat_box_name;
        view! { <p class="card-lead">{td_string!(locale, page.popup_lead, name = name)}</p> }
    });

    view! {
        {(!in_popup).then(|| view! { <Panel locale home /> })}
        <main class="card">
            {in_popup.then(|| view! { <Mark class="card-mark" /> })}
            <h1>{title}</h1>
            {lead}
            {children()}
            {cancel}
        </main>
    }
}

/// Cancels the sign-in and returns to the chat box's page. The script notifies the opener if it can.
#[component]
fn Cancel(locale: Locale, popup: Popup) -> impl IntoView {
    view! {
        <a
            class="cancel"
            href=popup.cancel_url
            data-chat-box-id=popup.chat_box_id
            data-challenge=popup.challenge
            data-origins=origins(&popup.origins)
        >
            {td_string!(locale, page.cancel)}
        </a>
    }
}

/// Origins as JSON, for the popup's scripts.
pub(crate) fn origins(origins: &[String]) -> String {
    leptos::serde_json::Value::from(origins).to_string()
}

/// The brand panel; a strip on small screens.
#[component]
fn Panel(locale: Locale, home: String) -> impl IntoView {
    view! {
        <header class="panel">
            <Brand locale href=home />
            <div class="panel-words">
                <p class="panel-promise">{td_string!(locale, brand.promise)}</p>
                <p>{td_string!(locale, brand.promise_detail)}</p>
            </div>
            <Mark class="panel-mark" />
        </header>
    }
}
