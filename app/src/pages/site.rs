//! The demo's customer site: embeds two chat boxes and shows what happens between them and the login.

use leptos::prelude::*;

use super::{Scene, Sheet, Shell};
use crate::{
    i18n::{Locale, td_string},
    model::{Site, SiteChatBox},
    ui::Header,
};

pub(super) fn draw(scene: Scene<'_>, page: Site) -> Sheet {
    let locale = scene.locale;
    let scripts = scripts(scene.nonce, &page);
    let account = format!("{}/account", page.login_origin);
    let (own, foreign): (Vec<_>, Vec<_>) = page
        .chat_boxes
        .clone()
        .into_iter()
        .partition(|chat_box| chat_box.allowed);
    let header_link = account.clone();
    let origins = Origins {
        site: scene.deployment.site_origin.clone(),
        login: page.login_origin.clone(),
    };

    let body = view! {
        <Header locale href="/".to_owned()>
            <a href=header_link>{td_string!(locale, page.account_link)}</a>
        </Header>
        <main>
            <Hero locale />
            <noscript>
                <p class="notice">{td_string!(locale, site.noscript)}</p>
            </noscript>
            {own.into_iter().map(|chat_box| view! { <Stage locale chat_box origins=origins.clone() /> }).collect_view()}
            {foreign.into_iter().map(|chat_box| view! { <CounterCheck locale chat_box /> }).collect_view()}
            <Behind locale account sandbox=page.sandbox_url mailbox=scene.deployment.mailbox_url.clone() />
            <SignOut locale login_origin=page.login_origin />
        </main>
        <footer class="site-footer">
            <p>{td_string!(locale, site.footer)}</p>
        </footer>
    };
    let mut sheet = Sheet::new(td_string!(locale, site.title), Shell::Site, body);
    sheet.description = Some(td_string!(locale, site.description).to_owned());
    sheet.scripts = Some(scripts);
    sheet
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

/// The chat box of this site beside the steps of its sign-in.
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

/// The place that the vendor's script draws into.
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

/// One sentence on how far the sign-in is; the script shows the one that applies.
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

/// A chat box whose login must refuse this site.
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

/// The other places of the demo.
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

/// In this order: the login's script, the site's own that wires it to the vendor's, and the vendor's per chat box.
fn scripts(nonce: &str, page: &Site) -> AnyView {
    let script = |src: String| view! { <script src=src defer nonce=nonce.to_owned()></script> };
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
        {script(format!("{}/latchkey.js", page.login_origin))}
        {script("/site.js".to_owned())}
        {page.chat_boxes.iter().map(chat_box).collect_view()}
    }
    .into_any()
}
