//! A user's photo, or the first letter of the name.

use leptos::prelude::*;

use crate::accounts::ProfileForm;

/// Decorative: the name is next to it.
#[component]
pub(crate) fn Avatar(#[prop(into)] profile: Signal<ProfileForm>) -> impl IntoView {
    let photo = move || {
        profile.with(|profile| Some(profile.photo_url.clone()).filter(|url| !url.is_empty()))
    };
    let initial = move || {
        profile.with(|profile| {
            let first = profile.display_name.chars().next();
            first.map(|letter| letter.to_uppercase().collect::<String>())
        })
    };

    view! {
        <span class="avatar" aria-hidden="true">
            <span>{initial}</span>
            {move || {
                photo().map(|url| view! { <img src=url alt="" width="56" height="56" referrerpolicy="no-referrer" /> })
            }}
        </span>
    }
}
