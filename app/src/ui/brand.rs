//! The product's logo and name.

use leptos::prelude::*;

use crate::i18n::{Locale, td_string};

/// A keyhole plate; the same drawing as `favicon.svg`.
#[component]
pub(crate) fn Mark(#[prop(default = "mark")] class: &'static str) -> impl IntoView {
    view! {
        <svg class=class viewBox="0 0 32 32" aria-hidden="true" focusable="false">
            <rect class="plate" x="6" y="1" width="20" height="30" rx="10" />
            <path class="keyhole" d="M16 8.5a4.5 4.5 0 0 1 2.3 8.37L20 24h-8l1.7-7.13A4.5 4.5 0 0 1 16 8.5Z" />
        </svg>
    }
}

/// Mark and name, linked to the page that `href` names.
#[component]
pub(crate) fn Brand(locale: Locale, href: String) -> impl IntoView {
    view! {
        <a class="brand" href=href>
            <Mark />
            {td_string!(locale, brand.name)}
        </a>
    }
}
