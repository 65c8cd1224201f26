//! The HTML document around every page: head, body and the script that hydrates the islands.

use leptos::prelude::*;

use crate::{
    i18n::{Locale, td_string},
    islands::mark_islands,
    model::{Deployment, Page},
    pages::{self, PageContext, RenderedPage, Shell},
    text,
};

/// Hydrates the islands, beside what browser extensions have added to them, once the page has loaded and the browser is
/// idle.
///
/// Leptos's own scripts preload the wasm with high priority, ahead of the stylesheet. Forms work without it, so it can
/// load later.
const BOOT: &str = include_str!("boot.js");

/// Renders `page` as a complete document. Requires an `Owner` with an islands context. Every script gets `nonce`.
pub fn document(deployment: &Deployment, locale: Locale, nonce: &str, page: Page) -> String {
    // Only islands are hydrated; Leptos's own scripts component does the same.
    if let Some(context) = Owner::current_shared_context() {
        context.set_is_hydrating(false);
    }
    let rendered = pages::render(
        PageContext {
            deployment,
            locale,
            nonce,
        },
        page,
    );
    let boot = deployment
        .frontend
        .as_ref()
        .and_then(|frontend| rendered.islands.bundle(frontend))
        .map(|bundle| {
            view! {
                <script
                    type="module"
                    nonce=nonce.to_owned()
                    data-script=bundle.script
                    data-wasm=bundle.wasm
                >
                    {BOOT}
                </script>
            }
        });
    let reload = deployment.reload.as_ref().map(|script| {
        view! { <script type="module" nonce=nonce.to_owned() src=format!("/pkg/{script}")></script> }
    });

    let document = view! {
        <!DOCTYPE html>
        <html lang=locale.to_string()>
            {head(deployment, locale, &rendered)}
            <body class=rendered.shell.class()>{rendered.body} {rendered.scripts} {boot} {reload}</body>
        </html>
    };
    mark_islands(&document.to_html())
}

fn head(deployment: &Deployment, locale: Locale, rendered: &RenderedPage) -> impl IntoView + use<> {
    let title = rendered.title.clone();
    let brand = text::brand(locale);
    let title = if rendered.has_problem {
        td_string!(locale, page.error_title, title = title, brand = brand)
    } else {
        td_string!(locale, page.title, title = title, brand = brand)
    };
    let site_css = deployment.site_css.as_ref();
    let site_css = site_css.filter(|_| matches!(rendered.shell, Shell::Site));
    let styles = deployment.css.iter().chain(site_css);
    let styles = styles.map(|css| view! { <link rel="stylesheet" href=format!("/pkg/{css}") /> });
    let styles = styles.collect_view();
    let description = rendered.description.clone();
    let hide_from_search = description.is_none();

    view! {
        <head>
            <meta charset="utf-8" />
            <title>{title}</title>
            <meta name="viewport" content="width=device-width, initial-scale=1" />
            <meta name="color-scheme" content="light dark" />
            <meta name="theme-color" media="(prefers-color-scheme: light)" content="#f2f5f3" />
            <meta name="theme-color" media="(prefers-color-scheme: dark)" content="#0e1513" />
            {description.map(|description| view! { <meta name="description" content=description /> })}
            {hide_from_search.then(|| view! { <meta name="robots" content="noindex" /> })}
            {styles}
            <link rel="icon" type="image/svg+xml" href="/favicon.svg" />
        </head>
    }
}
