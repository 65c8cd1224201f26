//! The profile form of the account page. Saves in place, or submits as a plain form without wasm.

use leptos::{ev::SubmitEvent, html, prelude::*, task::spawn_local};
use serde::{Deserialize, Serialize};

use crate::{
    accounts::{self, FieldErrors, ProfileSaved, save_profile},
    ui::{Avatar, FieldLink, Notice, Problems, TextField},
};

/// Texts of a [`ProfileForm`]; the catalogue is not in the wasm.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct ProfileTexts {
    pub display_name: String,
    pub display_name_hint: String,
    pub photo_url: String,
    pub photo_url_hint: String,
    pub check_fields: String,
    pub save: String,
    pub saving: String,
}

impl ProfileTexts {
    fn bad_fields(&self, errors: &FieldErrors) -> Vec<FieldLink> {
        [
            (&errors.display_name, "display_name", &self.display_name),
            (&errors.photo_url, "photo_url", &self.photo_url),
        ]
        .into_iter()
        .filter(|(problem, ..)| problem.is_some())
        .map(|(_, name, label)| FieldLink::new(name, label))
        .collect()
    }
}

/// The parts of the form that change when a response arrives.
#[derive(Clone, Copy)]
struct State {
    saved: RwSignal<accounts::ProfileForm>,
    errors: RwSignal<FieldErrors>,
    notice: RwSignal<Option<String>>,
    alert: RwSignal<Option<String>>,
    saving: RwSignal<bool>,
    form: NodeRef<html::Form>,
    display_name: NodeRef<html::Input>,
    photo_url: NodeRef<html::Input>,
}

impl State {
    fn new(saved: accounts::ProfileForm, errors: FieldErrors, notice: Option<String>) -> Self {
        Self {
            saved: RwSignal::new(saved),
            errors: RwSignal::new(errors),
            notice: RwSignal::new(notice),
            alert: RwSignal::new(None),
            saving: RwSignal::new(false),
            form: NodeRef::new(),
            display_name: NodeRef::new(),
            photo_url: NodeRef::new(),
        }
    }

    fn submit(self, event: SubmitEvent) {
        event.prevent_default();
        let (Some(display_name), Some(photo_url)) = (
            self.display_name.get_untracked(),
            self.photo_url.get_untracked(),
        ) else {
            return;
        };
        if self.saving.get_untracked() {
            return;
        }
        self.saving.set(true);
        let form = accounts::ProfileForm {
            display_name: display_name.value(),
            photo_url: photo_url.value(),
        };
        spawn_local(async move {
            let response = save_profile(form).await;
            self.saving.set(false);
            self.show(response);
        });
    }

    fn show(self, response: Result<ProfileSaved, ServerFnError>) {
        self.errors.set(FieldErrors::default());
        self.notice.set(None);
        self.alert.set(None);
        match response {
            Ok(ProfileSaved::Saved {
                notice,
                display_name,
                photo_url,
            }) => self.show_saved(notice, display_name, photo_url),
            Ok(ProfileSaved::Rejected(errors)) => self.show_rejected(errors),
            Ok(ProfileSaved::Unavailable { notice }) => self.alert.set(Some(notice)),
            Ok(ProfileSaved::SignedOut) | Err(_) => self.submit_plainly(),
        }
    }

    fn show_saved(self, notice: String, display_name: String, photo_url: String) {
        if let Some(input) = self.display_name.get_untracked() {
            input.set_value(&display_name);
        }
        if let Some(input) = self.photo_url.get_untracked() {
            input.set_value(&photo_url);
        }
        self.notice.set(Some(notice));
        self.saved.set(accounts::ProfileForm {
            display_name,
            photo_url,
        });
    }

    fn show_rejected(self, errors: FieldErrors) {
        let first_bad = if errors.display_name.is_some() {
            self.display_name
        } else {
            self.photo_url
        };
        self.errors.set(errors);
        if let Some(input) = first_bad.get_untracked() {
            // Screen readers announce the message above the form even without focus.
            let _ = input.focus();
        }
    }

    /// Submits the form natively; the page that the server returns shows the problem.
    fn submit_plainly(self) {
        if let Some(form) = self.form.get_untracked() {
            let _ = form.submit();
        }
    }
}

/// The signed-in user's name and photo, and the form to change them.
///
/// `draft` fills the form. It differs from `saved` if the server rejected it.
#[island]
pub fn ProfileForm(
    email: String,
    saved: accounts::ProfileForm,
    draft: accounts::ProfileForm,
    errors: FieldErrors,
    notice: Option<String>,
    texts: ProfileTexts,
) -> impl IntoView {
    let state = State::new(saved, errors, notice);
    let name_problem =
        Signal::derive(move || state.errors.with(|errors| errors.display_name.clone()));
    let photo_problem =
        Signal::derive(move || state.errors.with(|errors| errors.photo_url.clone()));
    let links = texts.clone();
    let bad_fields = Signal::derive(move || state.errors.with(|errors| links.bad_fields(errors)));

    view! {
        <div class="profile-head">
            <Avatar profile=state.saved />
            <div>
                <p class="profile-name">{move || state.saved.with(|saved| saved.display_name.clone())}</p>
                <p class="quiet">{email}</p>
            </div>
        </div>
        <form
            node_ref=state.form
            method="post"
            action="/account/profile"
            novalidate
            aria-busy=move || state.saving.get().then_some("true")
            on:submit=move |event| state.submit(event)
        >
            <Problems message=state.alert fields=bad_fields check_fields=texts.check_fields />
            <div aria-live="polite">
                <Notice text=state.notice />
            </div>
            <TextField
                name="display_name"
                label=texts.display_name
                hint=texts.display_name_hint
                value=draft.display_name
                problem=name_problem
                autocomplete="name"
                required=true
                node_ref=state.display_name
            />
            <TextField
                name="photo_url"
                label=texts.photo_url
                hint=texts.photo_url_hint
                value=draft.photo_url
                problem=photo_problem
                kind="url"
                inputmode="url"
                autocomplete="photo"
                node_ref=state.photo_url
            />
            <button type="submit" class="button primary">
                {move || if state.saving.get() { texts.saving.clone() } else { texts.save.clone() }}
            </button>
        </form>
    }
}
