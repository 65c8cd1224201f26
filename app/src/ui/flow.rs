//! Carries where the visitor came from across forms and links.

use leptos::prelude::*;
use url::form_urlencoded;

use crate::model::Flow;

/// The flow's parameters in the order that every form and link has them.
fn parameters(flow: &Flow) -> Vec<(&'static str, String)> {
    let mut parameters = Vec::new();
    if let Some(popup) = &flow.popup {
        parameters.push(("chatBoxId", popup.chat_box_id.clone()));
        if popup.receipt {
            parameters.push(("receipt", "1".to_owned()));
        }
        if let Some(challenge) = &popup.challenge {
            parameters.push(("challenge", challenge.clone()));
        }
    }
    if let Some(next) = &flow.next {
        parameters.push(("next", next.clone()));
    }
    parameters
}

/// `path` with the flow as its query.
pub(crate) fn flow_link(path: &str, flow: &Flow) -> String {
    let query = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(parameters(flow))
        .finish();
    if query.is_empty() {
        path.to_owned()
    } else {
        format!("{path}?{query}")
    }
}

/// The flow as hidden fields, for every form of the login.
#[component]
pub(crate) fn FlowFields(flow: Flow) -> impl IntoView {
    parameters(&flow)
        .into_iter()
        .map(|(name, value)| view! { <input type="hidden" name=name value=value /> })
        .collect_view()
}
