//! The error summary above a rejected form.

use leptos::prelude::*;

/// A link to a rejected field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FieldLink {
    href: String,
    label: String,
}

impl FieldLink {
    /// Links to the field with this name, which is also its ID.
    pub(crate) fn new(name: &str, label: &str) -> Self {
        Self {
            href: format!("#{name}"),
            label: label.to_owned(),
        }
    }
}

/// Renders the error summary, or nothing if there are no problems.
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
