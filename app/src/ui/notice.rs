//! A line that tells what has just happened.

use leptos::prelude::*;

#[component]
pub(crate) fn Notice(#[prop(into)] text: Signal<Option<String>>) -> impl IntoView {
    move || {
        text.get().map(|text| {
            view! {
                <p class="notice" role="status">
                    {text}
                </p>
            }
        })
    }
}
