//! A status message about what just happened.

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
