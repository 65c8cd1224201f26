//! `GET /handoff`: the popup's last page. Its script fetches the credential and sends it to the opener.
//! Without an opener or JavaScript, its form leads to the chat box's return page with a code instead.

use leptos::prelude::*;

use super::{PageContext, RenderedPage, Shell};
use crate::{
    i18n::{Locale, td_string},
    model::{Flow, Handoff, HandoffFailure, Popup, Viewer},
    ui::{FlowFields, Mark, origins},
};

const SCRIPT: &str = include_str!("handoff.js");

pub(super) fn render(context: PageContext<'_>, page: Handoff) -> RenderedPage {
    let locale = context.locale;
    let popup = page.popup;
    let receipt = if popup.receipt { "1" } else { "0" };
    let failure = page.failure;
    let name = popup.chat_box_name.clone();
    let Viewer {
        uid,
        display_name: viewer,
        ..
    } = page.viewer;
    let signed_in_as = td_string!(locale, handoff.signed_in_as, viewer = viewer.clone());
    let script = view! { <script nonce=context.nonce.to_owned()>{SCRIPT}</script> };

    let body = view! {
        <main
            class="card handoff"
            data-handoff
            data-credential-path=page.credential_path
            data-chat-box-id=popup.chat_box_id.clone()
            data-challenge=popup.challenge.clone()
            data-origins=origins(&popup.origins)
            data-receipt=receipt
            data-viewer=uid
            data-failed=failure.map(HandoffFailure::code)
        >
            <Mark class="card-mark" />
            <div aria-live="polite">
                <Working locale name=name.clone() />
                <Outcomes locale name=name.clone() />
                <Failed locale name=name failure />
            </div>
            <CodeForm locale popup=popup.clone() uid=uid.clone() viewer failed=failure.is_some() />
            <p class="quiet handoff-viewer">{signed_in_as}</p>
        </main>
    };
    let mut rendered = RenderedPage::new(td_string!(locale, handoff.title), Shell::Popup, body);
    rendered.scripts = Some(script.into_any());
    rendered
}

/// The fallback without an opener. The script submits this form; without JavaScript, the user clicks its button.
#[component]
fn CodeForm(
    locale: Locale,
    popup: Popup,
    uid: String,
    viewer: String,
    failed: bool,
) -> impl IntoView {
    let name = popup.chat_box_name.clone();
    if popup.challenge.is_none() {
        let text = td_string!(locale, handoff.noscript, viewer = viewer, name = name);
        return view! { <noscript><p>{text}</p></noscript> }.into_any();
    }
    let flow = Flow {
        popup: Some(popup),
        next: None,
    };
    let invitation = (!failed).then(|| {
        view! {
            <noscript>
                <h1>{td_string!(locale, handoff.one_more)}</h1>
                <p>{td_string!(locale, handoff.one_more_detail, viewer = viewer, name = name.clone())}</p>
                <button type="submit" class="button primary">
                    {td_string!(locale, handoff.go_back, name = name)}
                </button>
            </noscript>
        }
    });

    view! {
        <form id="code" method="post" action="/handoff/code">
            <FlowFields flow />
            <input type="hidden" name="viewer" value=uid />
            {invitation}
        </form>
    }
    .into_any()
}

/// Shown by the script, since only the script makes progress.
#[component]
fn Working(locale: Locale, name: String) -> impl IntoView {
    view! {
        <section data-state="working" hidden>
            <h1 tabindex="-1">{td_string!(locale, handoff.working, name = name)}</h1>
            <p class="spinner-line">
                <span class="spinner" aria-hidden="true"></span>
                {td_string!(locale, handoff.working_detail)}
            </p>
        </section>
    }
}

/// The outcomes once the credential has been issued.
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

/// Shows the current failure; the script may show another one later.
#[component]
fn Failed(locale: Locale, name: String, failure: Option<HandoffFailure>) -> impl IntoView {
    let reason = |reason: HandoffFailure| {
        view! {
            <p data-failure=reason.code() hidden=failure != Some(reason)>
                {words(locale, reason, &name)}
            </p>
        }
    };

    view! {
        <section data-state="failed" hidden=failure.is_none()>
            <h1 tabindex="-1">{td_string!(locale, handoff.failed)}</h1>
            {HandoffFailure::ALL.into_iter().map(reason).collect_view()}
            <Retry locale />
            <Close locale />
        </section>
    }
}

fn words(locale: Locale, failure: HandoffFailure, name: &str) -> String {
    let name = name.to_owned();
    match failure {
        HandoffFailure::Unavailable => td_string!(locale, handoff.unavailable, name = name),
        HandoffFailure::Rejected => td_string!(locale, handoff.rejected, name = name),
        HandoffFailure::TooLong => td_string!(locale, handoff.too_long, name = name),
        HandoffFailure::Limited => td_string!(locale, handoff.limited).to_owned(),
        HandoffFailure::SignedOut => td_string!(locale, handoff.signed_out).to_owned(),
        HandoffFailure::Forbidden => td_string!(locale, handoff.forbidden).to_owned(),
        HandoffFailure::Network => td_string!(locale, handoff.network).to_owned(),
    }
}

/// Without JavaScript, submits the form for a code again.
#[component]
fn Retry(locale: Locale) -> impl IntoView {
    view! {
        <button type="submit" form="code" class="button primary" data-action="retry">
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
