//! A password input with a show/hide button and, for a new password, a length counter.

use leptos::{html, prelude::*};
use serde::{Deserialize, Serialize};

/// Texts of a [`PasswordInput`]; the catalogue is not in the wasm.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct PasswordTexts {
    pub show: String,
    pub hide: String,
    /// Names the field for screen readers, after "Show" or "Hide".
    pub what: String,
}

/// Texts of the length counter of a new password.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct LengthTexts {
    pub min: u32,
    /// Contains [`LengthTexts::COUNT`] in place of the number.
    pub too_short: String,
    /// Contains [`LengthTexts::COUNT`] in place of the number.
    pub enough: String,
}

impl LengthTexts {
    /// Stands for the number of characters.
    pub const COUNT: &'static str = "{count}";

    fn describe(&self, count: u32) -> String {
        let text = if count < self.min {
            &self.too_short
        } else {
            &self.enough
        };
        text.replace(Self::COUNT, &count.to_string())
    }
}

/// Length in code points, as the server counts them. Saturates instead of overflowing.
fn count_characters(password: &str) -> u32 {
    u32::try_from(password.chars().count()).unwrap_or(u32::MAX)
}

/// The input below its label. `length` is set for new passwords only.
#[island]
pub fn PasswordInput(
    name: String,
    autocomplete: String,
    described_by: Option<String>,
    invalid: bool,
    autofocus: bool,
    texts: PasswordTexts,
    length: Option<LengthTexts>,
) -> impl IntoView {
    let input = NodeRef::<html::Input>::new();
    let hydrated = RwSignal::new(false);
    let shown = RwSignal::new(false);
    let count = RwSignal::new(0);
    let recount = move || {
        if let Some(input) = input.get_untracked() {
            count.set(count_characters(&input.value()));
        }
    };
    // The user may have typed before the wasm was loaded.
    Effect::new(move || {
        recount();
        hydrated.set(true);
    });

    view! {
        <div class="password">
            <input
                node_ref=input
                id=name.clone()
                name=name.clone()
                type=move || if shown.get() { "text" } else { "password" }
                autocomplete=autocomplete
                autocapitalize="off"
                spellcheck="false"
                required
                aria-describedby=described_by
                aria-invalid=invalid.then_some("true")
                autofocus=autofocus
                on:input=move |_| recount()
            />
            <button
                type="button"
                class="password-toggle"
                aria-controls=name
                hidden=move || !hydrated.get()
                on:click=move |_| shown.update(|shown| *shown = !*shown)
            >
                <span>{move || if shown.get() { texts.hide.clone() } else { texts.show.clone() }}</span>
                <span class="visually-hidden">{texts.what}</span>
            </button>
        </div>
        {length
            .map(|length| {
                let min = length.min;
                view! {
                    <p
                        class="password-length"
                        class:enough=move || min <= count.get()
                        hidden=move || count.get() == 0
                    >
                        {move || length.describe(count.get())}
                    </p>
                }
            })}
    }
}
