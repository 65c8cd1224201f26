//! `GET /handoff`: the popup's last page. Its script asks for the credential and gives it to the opener.

use leptos::prelude::*;

use super::{Scene, Sheet, Shell};
use crate::{
    i18n::{Locale, td_string},
    model::Handoff,
    ui::Mark,
};

const SCRIPT: &str = include_str!("handoff.js");

pub(super) fn draw(scene: Scene<'_>, page: Handoff) -> Sheet {
    let locale = scene.locale;
    let name = page.popup.chat_box_name;
    let viewer = page.viewer.display_name;
    let origins = leptos::serde_json::Value::from(page.opener_origins).to_string();
    let script = view! { <script nonce=scene.nonce.to_owned()>{SCRIPT}</script> };

    let body = view! {
        <main
            class="card handoff"
            data-handoff
            data-credential-path=page.credential_path
            data-chat-box-id=page.popup.chat_box_id
            data-origins=origins
            data-receipt=if page.popup.receipt { "1" } else { "0" }
        >
            <Mark class="card-mark" />
            <div aria-live="polite">
                <Working locale name=name.clone() />
                <Outcomes locale name=name.clone() />
                <Failed locale name=name.clone() />
            </div>
            <noscript>
                <p>{td_string!(locale, handoff.noscript, viewer = viewer.clone(), name = name)}</p>
            </noscript>
            <p class="quiet handoff-viewer">{td_string!(locale, handoff.signed_in_as, viewer = viewer)}</p>
        </main>
    };
    let mut sheet = Sheet::new(td_string!(locale, handoff.title), Shell::Popup, body);
    sheet.scripts = Some(script.into_any());
    sheet
}

#[component]
fn Working(locale: Locale, name: String) -> impl IntoView {
    view! {
        <section data-state="working">
            <h1 tabindex="-1">{td_string!(locale, handoff.working, name = name)}</h1>
            <p class="spinner-line">
                <span class="spinner" aria-hidden="true"></span>
                {td_string!(locale, handoff.working_detail)}
            </p>
        </section>
    }
}

/// Everything that can happen once the credential is there.
#[component]
fn Outcomes(locale: Locale, name: String) -> impl IntoView {
    view! {
        <section data-state="delivered" hidden>
            <h1 tabindex="-1">{td_string!(locale, handoff.delivered)}</h1>
            <p>{td_string!(locale, handoff.delivered_detail, name = name.clone())}</p>
            <Close locale primary=true />
        </section>
        <section data-state="no-opener" hidden>
            <h1 tabindex="-1">{td_string!(locale, handoff.no_opener)}</h1>
            <p>{td_string!(locale, handoff.no_opener_detail, name = name.clone())}</p>
            <Close locale primary=true />
        </section>
        <section data-state="unconfirmed" hidden>
            <h1 tabindex="-1">{td_string!(locale, handoff.unconfirmed)}</h1>
            <p>{td_string!(locale, handoff.unconfirmed_detail, name = name)}</p>
            <Retry locale />
            <Close locale />
        </section>
    }
}

/// The script shows the one reason that applies.
#[component]
fn Failed(locale: Locale, name: String) -> impl IntoView {
    let reasons = [
        (
            "unavailable",
            td_string!(locale, handoff.unavailable, name = name.clone()),
        ),
        ("refused", td_string!(locale, handoff.refused, name = name)),
        ("limited", td_string!(locale, handoff.limited).to_owned()),
        (
            "signed-out",
            td_string!(locale, handoff.signed_out).to_owned(),
        ),
        (
            "forbidden",
            td_string!(locale, handoff.forbidden).to_owned(),
        ),
        ("network", td_string!(locale, handoff.network).to_owned()),
    ];
    let reason = |(code, text): (&'static str, String)| {
        view! {
            <p data-failure=code hidden>
                {text}
            </p>
        }
    };

    view! {
        <section data-state="failed" hidden>
            <h1 tabindex="-1">{td_string!(locale, handoff.failed)}</h1>
            {reasons.into_iter().map(reason).collect_view()}
            <Retry locale />
            <Close locale />
        </section>
    }
}

#[component]
fn Retry(locale: Locale) -> impl IntoView {
    view! {
        <button type="button" class="button primary" data-action="retry">
            {td_string!(locale, handoff.retry)}
        </button>
    }
}

#[component]
fn Close(locale: Locale, #[prop(optional)] primary: bool) -> impl IntoView {
    view! {
        <button type="button" class=if primary { "button primary" } else { "button" } data-action="close">
            {td_string!(locale, handoff.close)}
        </button>
    }
}
