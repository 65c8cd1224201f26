//! A form field: label, input, hint and problem, associated for assistive technology.

use leptos::{html, prelude::*};

/// Label, hint and problem of an input. The input's name is also its ID.
#[component]
pub(crate) fn FieldFrame(
    name: &'static str,
    #[prop(into)] label: String,
    hint: Option<String>,
    #[prop(into)] problem: Signal<Option<String>>,
    children: Children,
) -> impl IntoView {
    let hint = hint.map(|hint| {
        view! {
            <p id=format!("{name}-hint") class="field-hint">
                {hint}
            </p>
        }
    });

    view! {
        <div class="field">
            <label for=name>{label}</label>
            {children()}
            {move || {
                problem
                    .get()
                    .map(|problem| {
                        view! {
                            <p id=format!("{name}-problem") class="field-problem">
                                {problem}
                            </p>
                        }
                    })
            }}
            {hint}
        </div>
    }
}

/// The value of `aria-describedby` for an input in a [`FieldFrame`]: the problem first.
pub(crate) fn described_by(name: &str, has_problem: bool, has_hint: bool) -> Option<String> {
    match (has_problem, has_hint) {
        (true, true) => Some(format!("{name}-problem {name}-hint")),
        (true, false) => Some(format!("{name}-problem")),
        (false, true) => Some(format!("{name}-hint")),
        (false, false) => None,
    }
}

/// A single-line field that isn't a password.
#[component]
pub(crate) fn TextField(
    name: &'static str,
    #[prop(into)] label: String,
    #[prop(optional, into)] hint: Option<String>,
    value: String,
    #[prop(into)] problem: Signal<Option<String>>,
    autocomplete: &'static str,
    #[prop(default = "text")] kind: &'static str,
    #[prop(optional)] inputmode: Option<&'static str>,
    #[prop(optional)] required: bool,
    #[prop(optional)] autofocus: bool,
    #[prop(optional)] node_ref: NodeRef<html::Input>,
) -> impl IntoView {
    let has_hint = hint.is_some();
    let has_problem = move || problem.with(Option::is_some);

    view! {
        <FieldFrame name label hint problem>
            <input
                node_ref=node_ref
                id=name
                name=name
                type=kind
                value=value
                autocomplete=autocomplete
                inputmode=inputmode
                required=required
                autofocus=autofocus
                aria-invalid=move || has_problem().then_some("true")
                aria-describedby=move || described_by(name, has_problem(), has_hint)
            />
        </FieldFrame>
    }
}
