//! The summary above a form that was refused.

use leptos::prelude::*;

/// A field that was refused, to jump to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FieldLink {
    href: String,
    label: String,
}

impl FieldLink {
    /// Of the field with this name, which is its id too.
    pub(crate) fn new(name: &str, label: &str) -> Self {
        Self {
            href: format!("#{name}"),
            label: label.to_owned(),
        }
    }
}

/// Says what is wrong with the form, and which fields to look at. Nothing if all is well.
#[component]
pub(crate) fn Problems(
    #[prop(into)] message: Signal<Option<String>>,
    #[prop(into)] fields: Signal<Vec<FieldLink>>,
    #[prop(into)] check_fields: String,
) -> impl IntoView {
    let any = move || message.with(Option::is_some) || fields.with(|fields| !fields.is_empty());
    let links = move |intro: String| {
        let fields = fields.get();
        let link = |field: FieldLink| view! { <a href=field.href>{field.label}</a> };
        (!fields.is_empty()).then(|| {
            view! { <p>{intro} {fields.into_iter().map(link).collect_view()}</p> }
        })
    };

    move || {
        any().then(|| {
            view! {
                <div class="problems" role="alert">
                    {message.get().map(|message| view! { <p>{message}</p> })}
                    {links(check_fields.clone())}
                </div>
            }
        })
    }
}
