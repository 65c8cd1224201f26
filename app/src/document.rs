//! The frame of every page: head, body, and the script that wakes the islands.

use leptos::prelude::*;

use crate::{
    i18n::{Locale, td_string},
    model::{Deployment, Page},
    pages::{self, Scene, Sheet},
};

/// Wakes the islands when the page has loaded and the browser is idle.
///
/// Leptos's own scripts preload the wasm with high priority, ahead of the style; forms work without it, so it can wait.
const BOOT: &str = include_str!("boot.js");

/// The whole document of `page`. Wants an `Owner` with an islands context; `nonce` goes to every script.
pub fn document(
    deployment: &Deployment,
    locale: Locale,
    nonce: &str,
    page: Page,
) -> impl IntoView + use<> {
    // Only islands are hydrated; this is what Leptos's own scripts component would do.
    if let Some(context) = Owner::current_shared_context() {
        context.set_is_hydrating(false);
    }
    let sheet = pages::draw(
        Scene {
            deployment,
            locale,
            nonce,
        },
        page,
    );
    let boot = deployment
        .frontend
        .clone()
        .filter(|_| sheet.has_islands)
        .map(|frontend| {
            view! {
                <script
                    type="module"
                    nonce=nonce.to_owned()
                    data-script=frontend.script
                    data-wasm=frontend.wasm
                >
                    {BOOT}
                </script>
            }
        });

    view! {
        <!DOCTYPE html>
        <html lang=locale.to_string()>
            {head(deployment, locale, &sheet)}
            <body class=sheet.shell.class()>{sheet.body} {sheet.scripts} {boot}</body>
        </html>
    }
}

fn head(deployment: &Deployment, locale: Locale, sheet: &Sheet) -> impl IntoView + use<> {
    let title = sheet.title.clone();
    let title = if sheet.has_problem {
        td_string!(locale, page.error_title, title = title)
    } else {
        td_string!(locale, page.title, title = title)
    };
    let css = deployment.css.as_ref().map(|css| format!("/pkg/{css}"));
    let description = sheet.description.clone();
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
            {css.map(|href| view! { <link rel="stylesheet" href=href /> })}
            <link rel="icon" type="image/svg+xml" href="/favicon.svg" />
        </head>
    }
}
