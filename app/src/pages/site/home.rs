//! The site's home page: embeds two chat boxes, shows the steps of a sign-in and links to every vendor's showcase.

use leptos::prelude::*;

use super::{Frame, script, viewer_script};
use crate::{
    i18n::{Locale, td_string},
    model::{Site, SiteChatBox, VendorLink},
    pages::{PageContext, RenderedPage, Shell},
};

pub(crate) fn render(context: PageContext<'_>, page: Site) -> RenderedPage {
    let locale = context.locale;
    let scripts = scripts(context.nonce, &page);
    let Site {
        frame, chat_boxes, ..
    } = page;
    let account = format!("{}/account", frame.login_origin);
    let (own, foreign): (Vec<_>, Vec<_>) = chat_boxes
        .into_iter()
        .partition(|chat_box| chat_box.allowed);
    let origins = Origins {
        site: context.deployment.site_origin.clone(),
        login: frame.login_origin.clone(),
    };
    let login_origin = frame.login_origin.clone();
    let sandbox = frame.sandbox_url.clone();
    let mailbox = context.deployment.mailbox_url.clone();
    let vendors = frame.vendors.clone();

    let body = view! {
        <Frame locale frame current=None>
            <Hero locale />
            <noscript>
                <p class="notice">{td_string!(locale, site.noscript)}</p>
            </noscript>
            {own.into_iter().map(|chat_box| view! { <Stage locale chat_box origins=origins.clone() /> }).collect_view()}
            <Vendors locale vendors />
            {foreign.into_iter().map(|chat_box| view! { <CounterCheck locale chat_box /> }).collect_view()}
            <Behind locale account sandbox mailbox />
            <SignOut locale login_origin />
        </Frame>
    };
    let mut rendered = RenderedPage::new(td_string!(locale, site.title), Shell::Site, body);
    rendered.description = Some(td_string!(locale, site.description).to_owned());
    rendered.scripts = Some(scripts);
    rendered
}

#[derive(Clone)]
struct Origins {
    site: String,
    login: String,
}

#[component]
fn Hero(locale: Locale) -> impl IntoView {
    view! {
        <div class="hero">
            <p class="kicker">{td_string!(locale, site.kicker)}</p>
            <h1>{td_string!(locale, site.headline)}</h1>
            <p class="hero-intro">{td_string!(locale, site.intro)}</p>
        </div>
    }
}

/// The site's chat box beside the steps of its sign-in.
#[component]
fn Stage(locale: Locale, chat_box: SiteChatBox, origins: Origins) -> impl IntoView {
    let id = chat_box.id.clone();

    view! {
        <div class="stage" data-stage=id>
            <ChatBox locale chat_box />
            <section class="timeline" aria-labelledby="steps">
                <h2 id="steps">{td_string!(locale, site.steps_title)}</h2>
                <Status locale />
                <Steps locale origins />
            </section>
        </div>
    }
}

/// The element that the vendor's script renders into.
#[component]
fn ChatBox(locale: Locale, chat_box: SiteChatBox) -> impl IntoView {
    let host = chat_box
        .script_url
        .split('/')
        .take(3)
        .collect::<Vec<_>>()
        .join("/");

    view! {
        <figure class="chat">
            <p class="chat-wait" data-chat-wait=chat_box.id.clone()>
                {td_string!(locale, site.chat_wait)}
            </p>
            <p class="chat-wait field-problem" data-chat-failed=chat_box.id.clone() hidden>
                {td_string!(locale, site.chat_failed)}
            </p>
            <div id=format!("chat-box-{}", chat_box.id)></div>
            <figcaption class="quiet">{td_string!(locale, site.chat_origin, origin = host)}</figcaption>
        </figure>
    }
}

/// The status of the sign-in; the script shows the sentence that applies.
#[component]
fn Status(locale: Locale) -> impl IntoView {
    let sentences = [
        ("idle", td_string!(locale, site.status_idle)),
        ("popup", td_string!(locale, site.status_popup)),
        ("working", td_string!(locale, site.status_working)),
        ("signedin", td_string!(locale, site.status_signed_in)),
        ("signedout", td_string!(locale, site.status_signed_out)),
        ("expired", td_string!(locale, site.status_expired)),
        ("error", td_string!(locale, site.status_error)),
    ];
    // Codes of errors for which there is more to say.
    let reasons = [
        ("unknown", td_string!(locale, site.reason_unknown)),
        ("clock", td_string!(locale, site.reason_clock)),
        ("blocked", td_string!(locale, site.reason_blocked)),
        ("cookies", td_string!(locale, site.reason_cookies)),
    ];
    let sentence = |(code, text): (&'static str, &'static str)| {
        view! {
            <span data-status=code hidden=code != "idle">
                {text}
            </span>
        }
    };

    view! {
        <p class="status" role="status">
            {sentences.into_iter().map(sentence).collect_view()}
            {reasons
                .into_iter()
                .map(|(code, text)| view! { <span data-reason=code hidden>" " {text}</span> })
                .collect_view()}
        </p>
    }
}

#[component]
fn Steps(locale: Locale, origins: Origins) -> impl IntoView {
    let steps = [
        (
            td_string!(locale, site.step_popup),
            td_string!(locale, site.step_popup_detail, origin = origins.login),
        ),
        (
            td_string!(locale, site.step_login),
            td_string!(locale, site.step_login_detail).to_owned(),
        ),
        (
            td_string!(locale, site.step_credential),
            td_string!(locale, site.step_credential_detail).to_owned(),
        ),
        (
            td_string!(locale, site.step_message),
            td_string!(locale, site.step_message_detail, origin = origins.site),
        ),
        (
            td_string!(locale, site.step_cookies),
            td_string!(locale, site.step_cookies_detail).to_owned(),
        ),
        (
            td_string!(locale, site.step_signed_in),
            td_string!(locale, site.step_signed_in_detail).to_owned(),
        ),
    ];
    let step = |(title, detail): (&'static str, String)| {
        view! {
            <li data-step>
                <h3>{title}</h3>
                <p>{detail}</p>
            </li>
        }
    };

    view! { <ol class="steps">{steps.into_iter().map(step).collect_view()}</ol> }
}

/// Links to the showcases.
#[component]
fn Vendors(locale: Locale, vendors: Vec<VendorLink>) -> impl IntoView {
    let vendor = |link: VendorLink| {
        view! {
            <li>
                <p class="kicker">{link.kind}</p>
                <a href=format!("/{}", link.name)>{link.label}</a>
                <p>{link.headline}</p>
            </li>
        }
    };
    let is_empty = vendors.is_empty();

    view! {
        <section class="behind" aria-labelledby="vendors" hidden=is_empty>
            <h2 id="vendors">{td_string!(locale, site.vendors_title)}</h2>
            <ul>{vendors.into_iter().map(vendor).collect_view()}</ul>
        </section>
    }
}

/// A chat box that doesn't allow this site's origin.
#[component]
fn CounterCheck(locale: Locale, chat_box: SiteChatBox) -> impl IntoView {
    let name = chat_box.name.clone();

    view! {
        <div class="stage counter-check">
            <div class="counter-check-words">
                <p class="kicker">{td_string!(locale, site.wrong_kicker)}</p>
                <h2>{td_string!(locale, site.wrong_title)}</h2>
                <p>{td_string!(locale, site.wrong_intro, name = name)}</p>
            </div>
            <ChatBox locale chat_box />
        </div>
    }
}

/// Links to the other pages of the demo.
#[component]
fn Behind(
    locale: Locale,
    account: String,
    sandbox: String,
    mailbox: Option<String>,
) -> impl IntoView {
    let link = |href: String, title: &'static str, detail: &'static str| {
        view! {
            <li>
                <a href=href>{title}</a>
                <p>{detail}</p>
            </li>
        }
    };
    let mailbox = mailbox.map(|href| {
        link(
            href,
            td_string!(locale, site.link_mailbox),
            td_string!(locale, site.link_mailbox_detail),
        )
    });

    view! {
        <section class="behind" aria-labelledby="behind">
            <h2 id="behind">{td_string!(locale, site.behind_title)}</h2>
            <ul>
                {link(account, td_string!(locale, site.link_account), td_string!(locale, site.link_account_detail))}
                {link(sandbox, td_string!(locale, site.link_sandbox), td_string!(locale, site.link_sandbox_detail))}
                {mailbox}
            </ul>
        </section>
    }
}

#[component]
fn SignOut(locale: Locale, login_origin: String) -> impl IntoView {
    view! {
        <form class="sign-out" method="post" action=format!("{login_origin}/logout") data-sign-out>
            <p class="quiet">{td_string!(locale, site.sign_out_detail)}</p>
            <button type="submit" class="button">
                {td_string!(locale, site.sign_out)}
            </button>
        </form>
    }
}

/// In this order: the viewer, `latchkey.js`, the script that connects it to the vendor's, this page's steps and one vendor
/// script per chat box.
fn scripts(nonce: &str, page: &Site) -> AnyView {
    let login_origin = &page.frame.login_origin;
    let chat = page.chat_script.iter().flat_map(|chat_script| {
        [
            format!("{login_origin}/latchkey.js"),
            chat_script.clone(),
            "/site.js".to_owned(),
        ]
    });
    let chat_box = |chat_box: &SiteChatBox| {
        view! {
            <script
                src=chat_box.script_url.clone()
                data-chat-box-id=chat_box.id.clone()
                data-mount=format!("#chat-box-{}", chat_box.id)
                defer
                nonce=nonce.to_owned()
            ></script>
        }
    };

    view! {
        {viewer_script(&page.frame, nonce)}
        {chat.map(|src| script(src, nonce)).collect_view()}
        {page.chat_boxes.iter().map(chat_box).collect_view()}
    }
    .into_any()
}
