//! Password fields: the island with label and problem. Never filled in by the server.

use leptos::prelude::*;

use super::field::{FieldFrame, described_by};
use crate::{
    i18n::{Locale, td_string},
    islands::{LengthTexts, PasswordInput, PasswordTexts},
    model::FieldProblem,
    text,
};

fn texts(locale: Locale) -> PasswordTexts {
    PasswordTexts {
        show: td_string!(locale, field.show).to_owned(),
        hide: td_string!(locale, field.hide).to_owned(),
        what: td_string!(locale, field.show_what).to_owned(),
    }
}

fn length_texts(locale: Locale, min: usize) -> LengthTexts {
    let count = LengthTexts::COUNT;
    LengthTexts {
        min: u32::try_from(min).unwrap_or(u32::MAX),
        too_short: td_string!(locale, field.counter, count = count, min = min),
        enough: td_string!(locale, field.counter_enough, count = count),
    }
}

/// Asks for the current password.
#[component]
pub(crate) fn PasswordField(
    locale: Locale,
    name: &'static str,
    #[prop(into)] label: String,
    problem: Option<FieldProblem>,
    #[prop(optional)] autofocus: bool,
) -> impl IntoView {
    view! {
        <FieldFrame name label hint=None problem=problem.map(|problem| text::field_problem(locale, problem))>
            <PasswordInput
                name=name.to_owned()
                autocomplete="current-password".to_owned()
                described_by=described_by(name, problem.is_some(), false)
                invalid=problem.is_some()
                autofocus
                texts=texts(locale)
                length=None
            />
        </FieldFrame>
    }
}

/// Asks for a new password of at least `min` characters.
#[component]
pub(crate) fn NewPasswordField(
    locale: Locale,
    name: &'static str,
    #[prop(into)] label: String,
    min: usize,
    problem: Option<FieldProblem>,
    #[prop(optional)] autofocus: bool,
) -> impl IntoView {
    let hint = td_string!(locale, field.new_password_hint, min = min);

    view! {
        <FieldFrame name label hint=Some(hint) problem=problem.map(|problem| text::field_problem(locale, problem))>
            <PasswordInput
                name=name.to_owned()
                autocomplete="new-password".to_owned()
                described_by=described_by(name, problem.is_some(), true)
                invalid=problem.is_some()
                autofocus
                texts=texts(locale)
                length=Some(length_texts(locale, min))
            />
        </FieldFrame>
    }
}

/// Tells password managers whose password a form changes; the server ignores it.
#[component]
pub(crate) fn HiddenUsername(email: String) -> impl IntoView {
    view! { <input type="text" name="username" autocomplete="username" value=email readonly hidden /> }
}
