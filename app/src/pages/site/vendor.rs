//! A vendor's showcase: its widget, the token that was signed for it, the vendor's response and the code to integrate it.

use leptos::prelude::*;

use super::{Frame, script, viewer_script};
use crate::{
    i18n::{Locale, td_string},
    model::{Exhibit, OtherLogin, Showcase, SiteFrame, Snippet, VendorLink, VendorPage},
    pages::{PageContext, RenderedPage, Shell},
};

pub(crate) fn render(context: PageContext<'_>, page: VendorPage) -> RenderedPage {
    let VendorPage { frame, showcase } = page;
    let locale = context.locale;
    let scripts = scripts(context.nonce, &frame, &showcase);
    let Showcase {
        link,
        intro,
        other_logins,
        exhibits,
        snippets,
        settings,
        console,
        ..
    } = showcase;
    let urls = PageUrls {
        page: format!("{}/{}", context.deployment.site_origin, link.name),
        login: frame.login_origin.clone(),
        console: format!("{}{console}", frame.sandbox_url),
    };
    let came_in = (!other_logins.is_empty()).then(|| view! { <IncomingToken locale /> });
    let exhibit = move |exhibit: Exhibit| view! { <ExhibitCard locale exhibit label=link.label /> };

    let body = view! {
        <Frame locale frame current=Some(link.name)>
            <div class="showcase" data-showcase=settings>
                <Hero locale link intro />
                <noscript>
                    <p class="notice">{td_string!(locale, vendor.noscript)}</p>
                </noscript>
                <ViewerPanel locale urls=urls.clone() other_logins />
                {came_in}
                {exhibits.into_iter().map(exhibit).collect_view()}
                <Code locale snippets />
                <VendorLinks locale name=link.name console=urls.console />
            </div>
        </Frame>
    };
    let mut rendered = RenderedPage::new(link.label, Shell::Site, body);
    rendered.description = Some(link.headline.to_owned());
    rendered.scripts = Some(scripts);
    rendered
}

/// URLs that the page links to.
#[derive(Clone)]
struct PageUrls {
    page: String,
    login: String,
    console: String,
}

#[component]
fn Hero(locale: Locale, link: VendorLink, intro: String) -> impl IntoView {
    view! {
        <div class="hero">
            <p class="kicker">{td_string!(locale, vendor.kicker, label = link.label, kind = link.kind)}</p>
            <h1>{link.headline}</h1>
            <p class="hero-intro">{intro}</p>
        </div>
    }
}

/// The signed-in user. The script shows the state that applies; the default is signed out.
#[component]
fn ViewerPanel(locale: Locale, urls: PageUrls, other_logins: Vec<OtherLogin>) -> impl IntoView {
    let sign_in = format!("{}/login?next={}", urls.login, urls.page);
    let other = |other: OtherLogin| {
        view! {
            <a class="button" href=other.url data-other-login>
                {other.label}
            </a>
        }
    };

    view! {
        <section class="who" aria-label=td_string!(locale, vendor.who)>
            <div class="who-is" data-viewer="signed-out">
                <p>{td_string!(locale, vendor.signed_out)}</p>
                <p class="who-sign-in">
                    {other_logins.into_iter().map(other).collect_view()}
                    <a class="button primary" href=sign_in>
                        {td_string!(locale, login.submit)}
                    </a>
                </p>
            </div>
            <form
                class="who-is"
                method="post"
                action=format!("{}/logout", urls.login)
                data-viewer="signed-in"
                data-sign-out
                hidden
            >
                <input type="hidden" name="next" value=urls.page />
                <p>
                    {td_string!(locale, vendor.signed_in_as)} " "
                    <strong data-viewer-name></strong>
                </p>
                <button type="submit" class="button">
                    {td_string!(locale, site.sign_out)}
                </button>
            </form>
            <p data-viewer="unknown" hidden>
                {td_string!(locale, vendor.unknown)}
            </p>
        </section>
    }
}

/// The token of an upstream login, which the server accepts like a session.
#[component]
fn IncomingToken(locale: Locale) -> impl IntoView {
    view! {
        <section class="incoming-token" aria-labelledby="incoming-token" data-incoming-token hidden>
            <h2 id="incoming-token">{td_string!(locale, vendor.incoming_token)}</h2>
            <p class="quiet">{td_string!(locale, vendor.incoming_token_detail)}</p>
            <Decoded locale />
        </section>
    }
}

/// A widget beside its token and the vendor's response.
#[component]
fn ExhibitCard(locale: Locale, exhibit: Exhibit, label: &'static str) -> impl IntoView {
    let Exhibit {
        id,
        title,
        caption,
        signed,
    } = exhibit;
    let heading = format!("exhibit-{id}");

    view! {
        <section class="stage exhibit" data-exhibit=id aria-labelledby=heading>
            <figure class="chat">
                <h2 id=format!("exhibit-{id}")>{title}</h2>
                <div id=format!("widget-{id}") class="widget">
                    <p class="chat-wait" data-wait>
                        {td_string!(locale, vendor.wait)}
                    </p>
                </div>
                <p class="chat-wait field-problem" data-failed hidden>
                    {td_string!(locale, vendor.failed)}
                </p>
                <figcaption class="quiet">{caption}</figcaption>
            </figure>
            <div class="evidence">
                <Response locale label />
                <Signed locale signed />
            </div>
        </section>
    }
}

/// The response of the vendor's script and servers.
#[component]
fn Response(locale: Locale, label: &'static str) -> impl IntoView {
    view! {
        <section class="response">
            <h3>{td_string!(locale, vendor.response, label = label)}</h3>
            <p class="status" role="status" data-verdict>
                {td_string!(locale, vendor.wait)}
            </p>
            <dl class="facts" data-response></dl>
        </section>
    }
}

#[component]
fn Signed(locale: Locale, signed: &'static str) -> impl IntoView {
    view! {
        <section class="signed">
            <h3>{td_string!(locale, vendor.signed)}</h3>
            <p class="quiet">{signed}</p>
            <p class="quiet" data-unsigned>
                {td_string!(locale, vendor.unsigned)}
            </p>
            <Decoded locale />
        </section>
    }
}

/// A decoded token. The signature stays hidden, so that a visible screen can't be used to impersonate the user.
#[component]
fn Decoded(locale: Locale) -> impl IntoView {
    view! {
        <div class="token" data-token hidden>
            <p class="valid-until" data-good>
                {td_string!(locale, vendor.valid_until)} " "
                <time data-end></time>
            </p>
            <p class="valid-until over" data-over hidden>
                {td_string!(locale, vendor.expired)} " "
                <time data-end></time>
            </p>
            <h4>{td_string!(locale, vendor.header)}</h4>
            <dl class="facts" data-header></dl>
            <h4>{td_string!(locale, vendor.claims)}</h4>
            <dl class="facts" data-claims></dl>
            <h4>{td_string!(locale, vendor.signature)}</h4>
            <p>
                <span aria-hidden="true">"•••••••••••• "</span>
                <span class="quiet">{td_string!(locale, vendor.signature_hidden)}</span>
            </p>
        </div>
    }
}

#[component]
fn Code(locale: Locale, snippets: Vec<Snippet>) -> impl IntoView {
    let snippet = |snippet: Snippet| {
        view! {
            <figure class="snippet" data-snippet>
                <figcaption>
                    <span>{snippet.title}</span>
                    <button type="button" class="copy" data-copy hidden>
                        <span data-copy-idle>{td_string!(locale, vendor.copy)}</span>
                        <span data-copy-done role="status" hidden>
                            {td_string!(locale, vendor.copied)}
                        </span>
                    </button>
                </figcaption>
                <pre tabindex="0">
                    <code>{snippet.code}</code>
                </pre>
            </figure>
        }
    };

    view! {
        <section class="code" aria-labelledby="code">
            <h2 id="code">{td_string!(locale, vendor.code)}</h2>
            {snippets.into_iter().map(snippet).collect_view()}
        </section>
    }
}

#[component]
fn VendorLinks(locale: Locale, name: &'static str, console: String) -> impl IntoView {
    view! {
        <section class="behind" aria-labelledby="behind">
            <h2 id="behind">{td_string!(locale, site.behind_title)}</h2>
            <ul>
                <li>
                    <a href=console>{td_string!(locale, site.link_sandbox)}</a>
                    <p>{td_string!(locale, vendor.link_console_detail)}</p>
                </li>
                <li>
                    <strong>{td_string!(locale, vendor.readme)}</strong>
                    <p>
                        {td_string!(locale, vendor.readme_detail)} " "
                        <code>{format!("server/src/vendors/{name}/README.md")}</code>
                    </p>
                </li>
            </ul>
        </section>
    }
}

/// In this order: the viewer, the showcase, the vendor's extra scripts and the vendor's own script.
fn scripts(nonce: &str, frame: &SiteFrame, showcase: &Showcase) -> AnyView {
    let further = showcase.scripts.iter().cloned();

    view! {
        {viewer_script(frame, nonce)}
        {script("/showcase.js".to_owned(), nonce)}
        {further.map(|src| script(src, nonce)).collect_view()}
        {script(format!("/vendors/{}.js", showcase.link.name), nonce)}
    }
    .into_any()
}
