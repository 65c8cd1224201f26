//! Carries the sign-in flow across forms and links.

use leptos::prelude::*;

use crate::model::Flow;

/// The flow as hidden fields of a form.
#[component]
pub(crate) fn FlowFields(flow: Flow) -> impl IntoView {
    flow.parameters()
        .into_iter()
        .map(|(name, value)| view! { <input type="hidden" name=name value=value /> })
        .collect_view()
}
